package dev.leasehold.deploy.lease;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rings when PostgreSQL says that leases, deployments or routes have changed. Keeps one connection for that. */
public final class LeaseBell {
    private static final Logger log = LoggerFactory.getLogger(LeaseBell.class);
    private static final Duration LISTENED_AT_ONCE = Duration.ofSeconds(1);

    private static final String LEASES = "leasehold_leases";
    private static final String ROUTES = "leasehold_routes";

    private final DataSource database;
    private final String channel;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Outage outage = new Outage(log, "Changes are seen a second later: the database does not answer.");
    private volatile boolean running;
    private @Nullable Thread thread;

    public LeaseBell(DataSource database) {
        this(database, LEASES);
    }

    private LeaseBell(DataSource database, String channel) {
        this.database = database;
        this.channel = channel;
    }

    /** One that rings only when the answer of {@code RouteRepository} may have changed. */
    public static LeaseBell ofRoutes(DataSource database) {
        return new LeaseBell(database, ROUTES);
    }

    /**
     * Adds a listener.
     *
     * @param listener is quick and does not throw; it may be rung without a reason
     */
    public void onRing(Runnable listener) {
        listeners.add(listener);
    }

    public void remove(Runnable listener) {
        listeners.remove(listener);
    }

    public synchronized void start() {
        if (thread == null) {
            running = true;
            thread = Thread.ofVirtual().name(channel + "-bell").start(this::listen);
        }
    }

    /** Ends within a second; does not wait for that. */
    public synchronized void stop() {
        running = false;
        thread = null;
    }

    private void listen() {
        while (running) {
            try (var connection = database.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("LISTEN " + channel);
                var notifications = connection.unwrap(PGConnection.class);
                outage.over();
                ring();
                while (running) {
                    if (notifications.getNotifications((int) LISTENED_AT_ONCE.toMillis()).length > 0) {
                        ring();
                    }
                }
                statement.execute("UNLISTEN *");
            } catch (SQLException e) {
                if (running) {
                    outage.goesOn(e);
                    pause();
                }
            }
        }
    }

    private void ring() {
        listeners.forEach(Runnable::run);
    }

    private void pause() {
        try {
            Thread.sleep(outage.wait(LISTENED_AT_ONCE));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
