package dev.leasehold.gateway.routing;

import dev.leasehold.deploy.deployment.Route;
import dev.leasehold.deploy.lease.LeaseBell;
import dev.leasehold.deploy.lease.Outage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The routes as they were read last. Read again when PostgreSQL says that they changed, and in any case every five
 * seconds; while the database is away, what was read last goes on serving.
 */
public final class RouteTable {
    private static final Logger log = LoggerFactory.getLogger(RouteTable.class);
    private static final Duration READ_EVERY = Duration.ofSeconds(5);
    private static final Duration READ_AGAIN_MAX = Duration.ofSeconds(1);

    private final Supplier<List<Route>> source;
    private final LeaseBell bell;
    private final Consumer<List<Route>> whenChanged;
    private final Semaphore rings = new Semaphore(0);
    private final Outage outage = new Outage(log, "Routes are not read: the database does not answer.");
    private volatile Snapshot snapshot = new Snapshot(0, Map.of());
    private @Nullable Thread reader;

    /**
     * What is known at one moment.
     *
     * @param version grows with each change; 0 until the routes were read first
     */
    public record Snapshot(long version, Map<String, Route> byName) {
        public Snapshot {
            byName = Map.copyOf(byName);
        }

        public Optional<Route> find(String deployment) {
            return Optional.ofNullable(byName.get(deployment));
        }

        public boolean isRead() {
            return version > 0;
        }
    }

    /** @param whenChanged is told of new routes, from the thread that reads them */
    public RouteTable(Supplier<List<Route>> source, LeaseBell bell, Consumer<List<Route>> whenChanged) {
        this.source = source;
        this.bell = bell;
        this.whenChanged = whenChanged;
    }

    /** Begins to read. */
    public synchronized void start() {
        bell.onRing(this::ring);
        bell.start();
        reader = Thread.ofVirtual().name("routes").start(this::read);
    }

    /** Reads no more, and lets go of everybody who waits for a change. */
    public synchronized void stop() {
        bell.stop();
        if (reader != null) {
            reader.interrupt();
            reader = null;
        }
        notifyAll();
    }

    public Snapshot now() {
        return snapshot;
    }

    /** Waits until the routes are newer than {@code version}, and says whether they are. */
    public synchronized boolean awaitNewer(long version, Duration max) throws InterruptedException {
        long end = System.nanoTime() + max.toNanos();
        for (long left = max.toNanos(); snapshot.version() <= version && left > 0; left = end - System.nanoTime()) {
            if (reader == null) {
                return false;
            }
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        }
        return snapshot.version() > version;
    }

    public synchronized boolean isRunning() {
        return reader != null;
    }

    private void ring() {
        if (rings.availablePermits() == 0) {
            rings.release();
        }
    }

    private void read() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                var wait = readOnce() ? READ_EVERY : outage.wait(READ_AGAIN_MAX);
                if (rings.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                    rings.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean readOnce() {
        try {
            take(source.get());
            outage.over();
            return true;
        } catch (DataAccessException e) {
            outage.goesOn(e);
            return false;
        } catch (RuntimeException e) {
            // Whoever ends here would leave this gateway with its last routes for ever.
            log.error("Reading the routes failed unexpectedly; those that were read last stay.", e);
            return false;
        }
    }

    private void take(List<Route> routes) {
        var byName = routes.stream().collect(Collectors.toMap(Route::deployment, Function.identity()));
        if (snapshot.isRead() && snapshot.byName().equals(byName)) {
            return;
        }
        whenChanged.accept(routes);
        synchronized (this) {
            snapshot = new Snapshot(snapshot.version() + 1, byName);
            notifyAll();
        }
    }
}
