package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real database and a real process as the agent; the tests share one home, which is what its user has. */
class PlatformTest {
    @TempDir
    private static Path folder;

    private static Home home;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private FakeGateway gateway;

    @BeforeAll
    static void build() {
        home = new Home(folder.resolve("home ü"));
        FakeAgentDistribution.build(folder);
    }

    @BeforeEach
    void freshGateway() {
        gateway = new FakeGateway(home);
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        Leftovers.endAll(home);
    }

    @Test
    void itIsStoppedInTheOppositeOrderAndLeavesNothing() throws InterruptedException {
        var platform = platform(false);
        platform.start();

        platform.stop();

        assertThat(gateway.told)
                .containsExactly(
                        "launch, agents 0, database up",
                        "startLeasing, agents 0, database up",
                        "releaseAll, agents 1, database up",
                        "close, agents 0, database up");
        assertThat(HomeProcesses.of(home).all()).isEmpty();
        assertThat(Instance.of(home)).isEmpty();
    }

    @Test
    void aStopThatKeepsTheLeasesLeavesTheAgentAndTellsThePrice() throws InterruptedException {
        var platform = platform(true);
        platform.start();

        platform.stop();

        assertThat(gateway.told).endsWith("billing, agents 1, database up", "close, agents 1, database up");
        assertThat(said).contains("  chat on local: 0.10 USD/h");
        assertThat(HomeProcesses.of(home).agents()).hasSize(1);
        assertThat(databaseIsUp()).isFalse();
    }

    @Test
    void aGatewayThatFailsWhileItIsStoppedStopsNothingElseFromStopping() throws InterruptedException {
        for (var stage : List.of("releaseAll", "close")) {
            gateway = new FakeGateway(home);
            gateway.failsAt = stage;
            var platform = platform(false);
            platform.start();

            platform.stop();

            assertThat(HomeProcesses.of(home).all()).as("%s", stage).isEmpty();
            assertThat(databaseIsUp()).as("%s", stage).isFalse();
            assertThat(said).anyMatch(line -> line.contains(stage + " fails"));
        }
    }

    @Test
    void aGatewayThatDoesNotStartIsToldAndLeavesNothing() throws InterruptedException {
        gateway.failsAt = "launch";
        var platform = platform(false);
        assertThatThrownBy(platform::start).hasMessage("launch fails");

        platform.stop();

        assertThat(gateway.told).containsExactly("launch, agents 0, database up");
        assertThat(HomeProcesses.of(home).all()).isEmpty();
        assertThat(databaseIsUp()).isFalse();
    }

    @Test
    void aStartThatIsInterruptedAtTheGatewayLeavesNothing() throws InterruptedException {
        gateway.hangsAtLaunch = true;
        var platform = platform(false);
        var starter = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(platform::start).isInstanceOf(PlatformException.class));
        gateway.launched.await();

        starter.interrupt();
        starter.join();
        platform.stop();

        assertThat(databaseIsUp()).isFalse();
        assertThat(HomeProcesses.of(home).all()).isEmpty();
    }

    @Test
    void whatAKilledPlatformLeftIsTakenOver() throws Exception {
        var settings = PlatformToKill.settings(folder, Ports.free(), Ports.free());
        startAndKill(settings);
        var agent = HomeProcesses.of(home).agents().getFirst().process();
        var database = database().running();

        var next = platform(settings);
        next.start();

        assertThat(database().running()).isEqualTo(database);
        assertThat(HomeProcesses.of(home).agents())
                .extracting(HomeProcesses.Found::process)
                .containsExactly(agent);
        next.stop();
        assertThat(agent.isAlive()).isFalse();
        assertThat(databaseIsUp()).isFalse();
    }

    @Test
    void aStartThatFailsEarlyLeavesNothingOfAKilledPlatformEither() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            startAndKill(PlatformToKill.settings(folder, Ports.free(), Ports.free()));
            var next = platform(PlatformToKill.settings(folder, taken.getLocalPort(), Ports.free()));
            assertThatThrownBy(next::start).hasMessageContaining("already in use");

            next.stop();
        }

        assertThat(HomeProcesses.of(home).all()).isEmpty();
        assertThat(databaseIsUp()).isFalse();
    }

    private static void startAndKill(UpSettings settings) throws Exception {
        try (var killed = ChildProcess.java(
                PlatformToKill.class,
                folder.toString(),
                Integer.toString(settings.port()),
                Integer.toString(settings.consolePort()))) {
            assertThat(killed.process().inputReader().readLine()).isEqualTo("started");
            killed.process().destroyForcibly().waitFor();
        }
        assertThat(databaseIsUp()).isTrue();
    }

    @Test
    void aPortInUseIsSaidBeforeAnythingIsStarted() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var platform = platform(PlatformToKill.settings(folder, taken.getLocalPort(), Ports.free()));

            assertThatThrownBy(platform::start)
                    .isInstanceOf(PlatformException.class)
                    .hasMessageContaining("already in use");
            platform.stop();
        }

        assertThat(gateway.told).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void aStopOfAPlatformThatNeverHadTheHomeTouchesNothing() throws InterruptedException {
        var running = platform(false);
        running.start();
        var second = platform(true);
        assertThatThrownBy(second::start).hasMessageContaining("already running here");
        said.clear();

        second.stop();
        second.stopNow();

        assertThat(said).isEmpty();
        assertThat(HomeProcesses.of(home).agents()).hasSize(1);
        assertThat(Instance.of(home)).isPresent();
        running.stop();
    }

    @Test
    void aSecondSignalKillsAgentAndDatabase() throws InterruptedException {
        var platform = platform(false);
        platform.start();

        platform.stopNow();

        Eventually.await(
                "the end of the agent", () -> HomeProcesses.of(home).agents().isEmpty());
        assertThat(databaseIsUp()).isFalse();
        assertThat(gateway.told).doesNotContain("close, agents 0, database up");
    }

    @Test
    void aDatabaseAndAnAgentThatDieAreStartedAgain() throws InterruptedException {
        var platform = platform(false);
        platform.start();
        var agent = HomeProcesses.of(home).agents().getFirst().process();
        var database = database().running().orElseThrow();

        agent.signal("KILL");
        database.signal("KILL");

        Eventually.await("agent: running again", () -> said.contains("agent: running again"));
        Eventually.await("database: running again", () -> said.contains("database: running again"));
        assertThat(HomeProcesses.of(home).agents()).hasSize(1);
        assertThat(database().running()).isPresent().get().isNotEqualTo(database);
        platform.stop();
        assertThat(databaseIsUp()).isFalse();
    }

    @Test
    void noSecretIsOnACommandLine() throws Exception {
        var platform = platform(false);
        platform.start();
        var secrets = List.of(
                Files.readString(home.key()).strip(),
                Files.readString(home.secret()).strip(),
                Files.readString(home.joinToken()).strip(),
                String.valueOf(gateway.settings.get("spring.datasource.password")));

        var commandLines = ProcessHandle.allProcesses()
                .map(process -> commandLine(process.pid()))
                .toList();

        assertThat(commandLines).anyMatch(line -> line.contains(home.joinToken().toString()));
        for (var secret : secrets) {
            assertThat(secret).hasSizeGreaterThan(30);
            assertThat(commandLines).noneMatch(line -> line.contains(secret));
        }
        platform.stop();
    }

    @Test
    void aDatabaseOfTheUsersThatDoesNotAnswerIsSaidAtOnce() throws InterruptedException {
        var nobody = new Database("jdbc:postgresql://127.0.0.1:" + Ports.free() + "/x", "leasehold", "secret");
        var platform = platform(new UpSettings(
                home, folder, "127.0.0.1", Ports.free(), Ports.free(), false, Optional.of(nobody), BigDecimal.ONE));

        assertThatThrownBy(platform::start)
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining(nobody.url())
                .hasMessageNotContaining("secret");
        platform.stop();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
        } catch (IOException _) {
            return "";
        }
    }

    private Platform platform(boolean keep) {
        return platform(new UpSettings(
                home, folder, "127.0.0.1", Ports.free(), Ports.free(), keep, Optional.empty(), BigDecimal.ONE));
    }

    private Platform platform(UpSettings settings) {
        return new Platform(settings, gateway, said::add);
    }

    private static boolean databaseIsUp() {
        return database().running().isPresent();
    }

    private static PostgresData database() {
        var data = home.postgres().resolve("data");
        return new PostgresData(home, data, new PostgresUser(List.of(), false), data);
    }
}
