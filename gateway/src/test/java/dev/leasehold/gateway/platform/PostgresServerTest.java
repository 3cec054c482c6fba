package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real server; the tests share one data folder, which is what its user has, too. */
class PostgresServerTest {
    private static final String PASSWORD = "correct horse";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static Home home;

    @BeforeAll
    static void prepareHome() {
        home = new Home(folder);
        home.prepare(new SecureRandom());
    }

    @AfterEach
    void stopWhatRuns() throws InterruptedException {
        PostgresServer.stopLeftover(home);
    }

    @Test
    void whatWasWrittenIsThereAfterARestartOnTheSamePort() throws Exception {
        var first = start(PASSWORD);
        execute(first, "CREATE TABLE IF NOT EXISTS kept (value int)", "TRUNCATE kept", "INSERT INTO kept VALUES (42)");
        first.stop();

        var second = start(PASSWORD);

        assertThat(first.isAlive()).isFalse();
        assertThat(second.database().url()).isEqualTo(first.database().url());
        assertThat(read(second, "SELECT value FROM kept")).isEqualTo(42);
    }

    @Test
    void aServerThatOutlivedItsPlatformIsAdopted() throws Exception {
        var survivor = start(PASSWORD);

        var adopted = start(PASSWORD);

        assertThat(adopted.pid()).isEqualTo(survivor.pid());
        assertThat(read(adopted, "SELECT 1")).isEqualTo(1);
    }

    @Test
    void aKilledServerComesBackOnItsPort() throws Exception {
        var server = start(PASSWORD);
        var url = server.database().url();
        var killed = ProcessMark.of(server.pid()).orElseThrow();
        killed.signal("KILL");
        assertThat(killed.awaitEnd(PATIENCE)).isTrue();

        server.restart();

        assertThat(server.pid()).isNotEqualTo(killed.pid());
        assertThat(server.database().url()).isEqualTo(url);
        assertThat(read(server, "SELECT 1")).isEqualTo(1);
    }

    @Test
    void aLockFileWhoseProcessIdBelongsToAnotherProgramByNowIsRemoved() throws Exception {
        start(PASSWORD).stop();
        var lock = home.postgres().resolve("data/postmaster.pid");
        var ours = ProcessHandle.current().pid();
        Files.writeString(lock, ours + "\n" + home.postgres().resolve("data") + "\n0\n5432\n\n127.0.0.1\n");

        var server = start(PASSWORD);

        assertThat(server.pid()).isNotEqualTo(ours);
        assertThat(read(server, "SELECT 1")).isEqualTo(1);
    }

    @Test
    void aKilledInitdbLeavesNothingHalf() throws Exception {
        var other = new Home(Files.createDirectory(folder.resolve("other")));
        other.prepare(new SecureRandom());
        Files.createSymbolicLink(
                other.postgres().resolve(binaries()), home.postgres().resolve(binaries()));
        Files.createDirectories(other.postgres().resolve("data.partial/base"));
        Files.writeString(other.postgres().resolve("data.partial/PG_VERSION"), "18\n");

        var server = new PostgresServer(other, PASSWORD);
        server.start();
        var answer = read(server, "SELECT 1");
        server.stop();

        assertThat(answer).isEqualTo(1);
        assertThat(other.postgres().resolve("data.partial")).doesNotExist();
    }

    @Test
    void anotherSecretIsNamedAsTheCause() throws Exception {
        start(PASSWORD).stop();

        assertThatThrownBy(() -> start("another"))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("another secret");
    }

    private static PostgresServer start(String password) throws InterruptedException {
        var server = new PostgresServer(home, password);
        server.start();
        return server;
    }

    private static Path binaries() throws Exception {
        start(PASSWORD).stop();
        try (var files = Files.newDirectoryStream(home.postgres(), "bin-*")) {
            return files.iterator().next().getFileName();
        }
    }

    private static void execute(PostgresServer server, String... statements) throws SQLException {
        var database = server.database();
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static int read(PostgresServer server, String sql) throws SQLException {
        var database = server.database();
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
