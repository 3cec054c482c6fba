package dev.leasehold.deploy.market;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A PostgreSQL of its own with our tables, which can be killed and started again on its data and its port. */
public final class RestartablePostgres implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private final Path data;
    private final int port;
    private EmbeddedPostgres running;

    public RestartablePostgres(Path data) {
        this.data = data;
        this.running = start(0);
        this.port = running.getPort();
        Flyway.configure().dataSource(database()).load().migrate();
    }

    public DataSource database() {
        return running.getPostgresDatabase();
    }

    /** Ends it as kill -9 does; its helpers see that and end too. */
    public void kill() {
        try {
            var pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
            var postmaster = ProcessHandle.of(pid).orElseThrow();
            var all = Stream.concat(Stream.of(postmaster), postmaster.descendants())
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(process -> process.onExit().join());
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void restart() {
        running = start(port);
    }

    private EmbeddedPostgres start(int wantedPort) {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(wantedPort)
                    // The library turns it off; then what was committed last would be lost with the process.
                    .setServerConfig("synchronous_commit", "on")
                    .setPGStartupWait(START_MAX)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
