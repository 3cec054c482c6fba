package dev.leasehold.deploy.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.deploy.Eventually;
import dev.leasehold.deploy.agent.AgentMessages.LeaseOrder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent makes of the folders that one before it left, whatever that one was doing when it was killed. */
class RunnersTest {
    private static final List<String> SLEEPS =
            List.of("sh", "-c", "echo '{\"port\": 1}' >\"$LEASEHOLD_STATE_FILE\"; exec sleep 60");

    @TempDir
    private Path folder;

    private final LeaseOrder order = new LeaseOrder(UUID.randomUUID(), "5ec7e7", "leasehold", 64L << 20, 1);
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final AgentLog log = new AgentLog(new PrintStream(said, true, UTF_8), Clock.systemUTC(), "test");
    private AgentHome home;
    private LeaseFolder lease;

    @BeforeEach
    void openHome() {
        home = AgentHome.open(folder, UUID::randomUUID);
        lease = home.lease(order.lease());
    }

    @AfterEach
    void endRunner() {
        lease.process()
                .filter(ProcessMark::isAlive)
                .flatMap(mark -> ProcessHandle.of(mark.pid()))
                .ifPresent(ProcessHandle::destroyForcibly);
        home.close();
    }

    @Test
    void killedBeforeTheMarkTheLeaseIsStarted() throws Exception {
        Files.createDirectories(lease.path());
        Files.writeString(lease.path().resolve("secret"), "5ec7e7");

        var runners = adopted();
        runners.apply(List.of(order));

        awaitState(runners, "running");
    }

    @Test
    void killedBetweenTheMarkAndTheStartTheLeaseHasEnded() throws Exception {
        lease.begin("5ec7e7");

        var runners = adopted();
        runners.apply(List.of(order));

        assertThat(state(runners)).isEqualTo("exited");
    }

    @Test
    void killedBetweenTheStartAndItsNoteTheRunnerIsFoundByItsEnvironment() throws Exception {
        lease.begin("5ec7e7");
        var runner = launcher().start(order, lease);
        Eventually.await("that it runs", () -> lease.port().isPresent());

        var runners = adopted();
        runners.apply(List.of(order));

        awaitState(runners, "running");
        assertThat(lease.process()).contains(ProcessMark.of(runner.pid()).orElseThrow());
        assertThat(Files.exists(lease.path().resolve("process.json"))).isTrue();
    }

    @Test
    void killedAfterTheRunnerEndedItIsReportedAndNotStartedAgain() throws Exception {
        lease.begin("5ec7e7");
        lease.exited(Optional.of(3));

        var runners = adopted();
        runners.apply(List.of(order));

        assertThat(runners.reports()).singleElement().satisfies(report -> {
            assertThat(report.state()).isEqualTo("exited");
            assertThat(report.exitCode()).isEqualTo(3);
        });
    }

    @Test
    void aLeaseThatIsOverIsNeverStartedAgain() throws Exception {
        lease.begin("5ec7e7");
        lease.exited(Optional.of(0));
        var runners = adopted();
        runners.apply(List.of());
        assertThat(runners.reports()).isEmpty();

        runners.apply(List.of(order));

        assertThat(state(runners)).isEqualTo("exited");
    }

    @Test
    void whatIsNotWantedIsStopped() {
        var runners = adopted();
        runners.apply(List.of(order));
        awaitState(runners, "running");

        runners.apply(List.of());
        awaitState(runners, "exited");
        runners.apply(List.of());

        assertThat(runners.reports()).isEmpty();
        assertThat(said.toString(UTF_8)).doesNotContain("5ec7e7");
    }

    @Test
    void aRunnerThatCannotBeStartedIsReportedWithTheReason() {
        RunnerCommand missing = _ -> {
            throw new AgentException("There is no runner here.");
        };
        var runners = new Runners(home, new RunnerLauncher(missing, home.cache(), "127.0.0.1"), log, () -> {});

        runners.apply(List.of(order));

        assertThat(runners.reports())
                .singleElement()
                .satisfies(report -> assertThat(report.logTail())
                        .containsExactly("The runner could not be started: There is no runner here."));
    }

    @Test
    void aHomeIsHeldByOne() {
        assertThatThrownBy(() -> AgentHome.open(folder, UUID::randomUUID))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("Another agent runs with the home");
    }

    private Runners adopted() {
        var runners = new Runners(home, launcher(), log, () -> {});
        runners.adopt();
        return runners;
    }

    private RunnerLauncher launcher() {
        return new RunnerLauncher(_ -> SLEEPS, home.cache(), "127.0.0.1");
    }

    private static String state(Runners runners) {
        return runners.reports().getFirst().state();
    }

    private static void awaitState(Runners runners, String wanted) {
        Eventually.await(wanted, () -> state(runners).equals(wanted));
    }
}
