package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Our own PostgreSQL: a process in its own session that outlives us when we are killed, and is taken over by the next
 * start. Call it while holding the home's lock; not for several threads at once.
 */
public final class PostgresServer {
    private static final String DATABASE = "leasehold";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int START_ATTEMPTS_MAX = 5;
    private static final Duration RECOVERY_MAX = Duration.ofMinutes(2);
    private static final Duration ADOPTION_MAX = Duration.ofSeconds(10);
    private static final Duration RETRY_EVERY = Duration.ofMillis(50);
    private static final Duration FAST_STOP_MAX = Duration.ofSeconds(20);
    private static final Duration IMMEDIATE_STOP_MAX = Duration.ofSeconds(5);
    private static final int CONNECT_SECONDS_MAX = 3;
    private static final String INVALID_PASSWORD = "28P01";
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    private final Home home;
    private final String password;
    private @Nullable PostgresData data;
    private volatile ProcessMark process = new ProcessMark(0, 0);
    private volatile int port;

    public PostgresServer(Home home, String password) {
        this.home = home;
        this.password = password;
    }

    /**
     * Takes over the server of this home that runs, or starts one, and creates its data at the first time.
     *
     * @throws PlatformException if it does not come up
     */
    public void start() throws InterruptedException {
        if (!data().exists()) {
            data().initialize(password);
        }
        restart();
        createDatabase();
    }

    /** Ends the server of a home, if one runs, without starting anything. */
    public static void stopLeftover(Home home) throws InterruptedException {
        var folder = home.postgres().resolve("data");
        var data = new PostgresData(home, folder, new PostgresUser(List.of(), false), folder);
        var running = data.running();
        if (running.isPresent()) {
            stop(running.get(), "INT");
        }
    }

    /** Brings the server back after it died, on the same port; the one that runs is kept. */
    public void restart() throws InterruptedException {
        var running = data().running();
        if (running.isPresent()) {
            if (adopts(running.get())) {
                return;
            }
            stop(running.get(), "INT");
        }
        for (var attempt = 1; !launch(); attempt++) {
            if (attempt == START_ATTEMPTS_MAX) {
                throw new PlatformException("PostgreSQL does not start; " + home.log("postgres") + " says why.");
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public Database database() {
        return new Database(url(DATABASE), PostgresData.SUPERUSER, password);
    }

    /** Ends it in order: clients are cut off, all data is safe, the next start needs no recovery. */
    public void stop() throws InterruptedException {
        stop(process, "INT");
    }

    /** Ends it at once; the next start recovers. */
    public void stopNow() throws InterruptedException {
        stop(process, "QUIT");
    }

    private static void stop(ProcessMark process, String signal) throws InterruptedException {
        process.signal(signal);
        if (!process.awaitEnd(signal.equals("INT") ? FAST_STOP_MAX : IMMEDIATE_STOP_MAX)) {
            process.end("QUIT", IMMEDIATE_STOP_MAX);
        }
    }

    private PostgresData data() throws InterruptedException {
        var known = data;
        if (known == null) {
            known = PostgresData.of(home, PostgresBinaries.unpack(home.postgres()));
            data = known;
        }
        return known;
    }

    private boolean adopts(ProcessMark running) throws InterruptedException {
        var itsPort = data().runningPort();
        if (itsPort.isEmpty()) {
            return false;
        }
        process = running;
        port = itsPort.get();
        return answers(ADOPTION_MAX);
    }

    private boolean launch() throws InterruptedException {
        data().removeStaleLock();
        data().own();
        port = choosePort();
        var command = List.of(
                data().binaries().resolve("bin/postgres").toString(),
                "-D",
                data().folder().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=" + LOOPBACK,
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=50",
                "-c",
                "shared_buffers=32MB",
                "-c",
                "max_wal_size=256MB",
                "-c",
                "log_timezone=UTC",
                "-c",
                "timezone=UTC");
        var started = Session.start(home, data().user().command(command), home.log("postgres"));
        var mark = ProcessMark.of(started.pid());
        if (mark.isEmpty()) {
            return false;
        }
        process = mark.get();
        if (answers(RECOVERY_MAX)) {
            return true;
        }
        process.end("QUIT", IMMEDIATE_STOP_MAX);
        return false;
    }

    /** The port of last time, as long as nobody else has taken it. */
    private int choosePort() {
        var file = home.postgres().resolve("port");
        try {
            if (Files.exists(file)
                    && PORT.matcher(Files.readString(file).strip()).matches()) {
                var remembered = Integer.parseInt(Files.readString(file).strip());
                if (port == remembered || Ports.isFree(LOOPBACK, remembered)) {
                    return remembered;
                }
            }
            var chosen = Ports.free();
            Home.replace(file, chosen + "\n");
            return chosen;
        } catch (IOException e) {
            throw home.unwritable(e);
        }
    }

    private boolean answers(Duration atMost) throws InterruptedException {
        var end = System.nanoTime() + atMost.toNanos();
        while (process.isAlive() && System.nanoTime() - end < 0) {
            try (var connection = DriverManager.getConnection(url("postgres"), properties())) {
                return connection.isValid(CONNECT_SECONDS_MAX);
            } catch (SQLException e) {
                requireOurPassword(e);
                TimeUnit.NANOSECONDS.sleep(RETRY_EVERY.toNanos());
            }
        }
        return false;
    }

    private void requireOurPassword(SQLException refusal) {
        if (INVALID_PASSWORD.equals(refusal.getSQLState())) {
            throw new PlatformException(
                    "The database in " + home.postgres() + " was made with another secret than " + home.secret()
                            + ". Put the old file back, or remove the folder " + home.root() + " to begin anew.",
                    refusal);
        }
    }

    private void createDatabase() {
        try (var connection = DriverManager.getConnection(url("postgres"), properties());
                var statement = connection.createStatement()) {
            try (var found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE " + DATABASE);
        } catch (SQLException e) {
            throw new PlatformException("The database could not be created: " + e.getMessage() + ".", e);
        }
    }

    private String url(String name) {
        return "jdbc:postgresql://" + LOOPBACK + ":" + port + "/" + name;
    }

    private Properties properties() {
        var properties = new Properties();
        properties.setProperty("user", PostgresData.SUPERUSER);
        properties.setProperty("password", password);
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS_MAX));
        properties.setProperty("socketTimeout", Integer.toString(CONNECT_SECONDS_MAX * 2));
        return properties;
    }
}
