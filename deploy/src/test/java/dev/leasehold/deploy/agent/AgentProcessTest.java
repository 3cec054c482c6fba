package dev.leasehold.deploy.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.Eventually;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.MarketView.CloseReason;
import dev.leasehold.deploy.market.MarketView.Closed;
import dev.leasehold.deploy.market.MarketView.Failed;
import dev.leasehold.deploy.market.MarketView.Started;
import dev.leasehold.deploy.market.MarketView.Unreachable;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.market.Order;
import dev.leasehold.deploy.market.fleet.FleetFixture;
import dev.leasehold.deploy.market.fleet.LoopbackGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real agent, started, killed and told to end, against the real market. */
class AgentProcessTest {
    private static final Order ORDER = new Order(64L << 20, Optional.empty(), Set.of());

    @TempDir
    private Path folder;

    private final Path token = FleetFixture.tokenFile();
    private final LoopbackGateway gateway = new LoopbackGateway();

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @Test
    void startsARunnerAndStopsItAgain() {
        try (var agent = start()) {
            var lease = lease();
            var runner = runnerOf(agent, lease);

            gateway.market().close(lease);
            await(lease, Closed.class);

            assertThat(runner.isAlive()).isFalse();
            var secret = folderOf(agent, lease).path().resolve("secret");
            Eventually.await("that the secret is deleted", () -> !Files.exists(secret));
        }
    }

    @Test
    void aKilledAgentLeavesItsRunnersToTheNext() throws Exception {
        try (var killed = start()) {
            var lease = lease();
            var runner = runnerOf(killed, lease);
            killed.kill();
            assertThat(runner.isAlive()).isTrue();

            try (var next = start()) {
                next.awaitOutput("was adopted");
                await(lease, Started.class);
                assertThat(runner.isAlive()).isTrue();
                assertThat(starts(next, lease)).isEqualTo(1);

                gateway.market().close(lease);
                await(lease, Closed.class);
                assertThat(runner.isAlive()).isFalse();
            }
        }
    }

    @Test
    void aKilledRunnerIsReportedWithinASecond() {
        try (var agent = start()) {
            var lease = lease();
            var runner = runnerOf(agent, lease);

            ProcessHandle.of(runner.pid()).orElseThrow().destroyForcibly();
            var failed = Eventually.within(Duration.ofSeconds(1), "the exit", () -> look(lease, Failed.class));

            assertThat(failed.detail()).contains("137");
            assertThat(failed.logTail()).contains("runner with port 4711 started");
        }
    }

    @Test
    void aRunnerThatWasAdoptedAndKilledIsReportedToo() throws Exception {
        try (var killed = start()) {
            var lease = lease();
            var runner = runnerOf(killed, lease);
            killed.kill();

            try (var next = start()) {
                next.awaitOutput("was adopted");
                ProcessHandle.of(runner.pid()).orElseThrow().destroyForcibly();

                await(lease, Failed.class);
                assertThat(starts(next, lease)).isEqualTo(1);
            }
        }
    }

    @Test
    void anAgentThatIsToldToEndLeavesNothing() throws Exception {
        try (var agent = start()) {
            var lease = lease();
            var runner = runnerOf(agent, lease);

            agent.process().destroy();
            agent.awaitExit();

            assertThat(runner.isAlive()).isFalse();
            assertThat(agent.output()).contains("left.");
            assertThat(((Closed) gateway.market().look(lease)).reason()).isEqualTo(CloseReason.OWNER);
            assertThat(gateway.market().offers(ORDER)).isEmpty();
        }
    }

    @Test
    void aProcessIdThatWasGivenToAnotherIsNotAdopted() throws Exception {
        var stranger = new ProcessBuilder("sleep", "60").start();
        try (var killed = start()) {
            var lease = lease();
            var runner = runnerOf(killed, lease);
            killed.kill();
            ProcessHandle.of(runner.pid()).orElseThrow().destroyForcibly();
            var ticks = ProcessMark.of(stranger.pid()).orElseThrow().startTicks();
            folderOf(killed, lease).started(new ProcessMark(stranger.pid(), ticks - 1));

            try (var next = start()) {
                await(lease, Failed.class);
                gateway.market().close(lease);
                next.process().destroy();
                next.awaitExit();
            }

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void twoAgentsOnOneHomeExcludeEachOther() throws Exception {
        try (var first = start()) {
            first.awaitOutput("joined");

            try (var second = start()) {
                assertThat(second.awaitExit()).isEqualTo(1);
                assertThat(second.output())
                        .contains("Another agent runs with the home")
                        .hasLineCount(1);
            }

            assertThat(first.process().isAlive()).isTrue();
        }
    }

    @Test
    void aWrongTokenIsSaidInOneSentence() throws Exception {
        var wrong = Files.writeString(folder.resolve("wrong"), "not-this-one");

        try (var agent = ChildAgent.start(folder, gateway.url(), wrong)) {
            assertThat(agent.awaitExit()).isEqualTo(1);
            assertThat(agent.output())
                    .contains("join token")
                    .doesNotContain("not-this-one")
                    .hasLineCount(1);
        }
    }

    @Test
    void runnersGoOnWhileTheGatewayIsAway() throws Exception {
        try (var agent = start()) {
            var lease = lease();
            var runner = runnerOf(agent, lease);

            gateway.goAway();
            agent.awaitOutput("cannot be used");
            assertThat(runner.isAlive()).isTrue();
            gateway.comeBack();
            agent.awaitOutput("answers again");

            await(lease, Started.class);
            assertThat(starts(agent, lease)).isEqualTo(1);
            assertThat(agent.output()).containsOnlyOnce("cannot be used");
        }
    }

    @Test
    void anAgentThatNobodyAsksForEndsWithItsRunners() throws Exception {
        try (var agent = ChildAgent.start(folder, gateway.url(), token, "--orphan-after", "4s")) {
            var lease = lease();
            var runner = runnerOf(agent, lease);

            gateway.goAway();
            agent.awaitExit();

            assertThat(runner.isAlive()).isFalse();
        }
    }

    @Test
    void aLeaseWhoseAgentDiedWithItsRunnerIsClosedWithoutIt() throws Exception {
        try (var agent = start()) {
            var lease = lease();
            var runner = runnerOf(agent, lease);
            agent.kill();
            ProcessHandle.of(runner.pid()).orElseThrow().destroyForcibly();

            await(lease, Unreachable.class);
            gateway.market().close(lease);

            await(lease, Closed.class);
        }
    }

    @Test
    void aLogIsSentWhileItIsRead() throws Exception {
        try (var agent = start()) {
            var lease = lease();
            runnerOf(agent, lease);
            var pieces = new LinkedBlockingQueue<String>();

            try (var reading = gateway.logs().follow(lease, pieces::add)) {
                assertThat(reading).isNotNull();
                assertThat(pieces.poll(30, TimeUnit.SECONDS)).isEqualTo("runner with port 4711 started\n");
                Files.writeString(folderOf(agent, lease).log().file(), "more\n", StandardOpenOption.APPEND);

                assertThat(pieces.poll(30, TimeUnit.SECONDS)).isEqualTo("more\n");
            }
        }
    }

    @Test
    void theSecretIsInTheEnvironmentAndInAFileThatOnlyWeRead() throws Exception {
        try (var agent = start()) {
            var lease = lease();
            var runner = runnerOf(agent, lease);
            var secret = folderOf(agent, lease).path().resolve("secret");

            var environment = Files.readString(Path.of("/proc/" + runner.pid() + "/environ"));
            var arguments = Files.readString(Path.of("/proc/" + runner.pid() + "/cmdline"));

            assertThat(environment).contains("LEASEHOLD_LEASE_SECRET=" + Files.readString(secret));
            assertThat(arguments).doesNotContain(Files.readString(secret));
            assertThat(Files.getPosixFilePermissions(secret)).hasSize(2);
            assertThat(agent.output()).doesNotContain(Files.readString(secret));
        }
    }

    private ChildAgent start() {
        return ChildAgent.start(folder, gateway.url(), token);
    }

    private LeaseId lease() {
        Offer offer = Eventually.seen(
                "an offer", () -> gateway.market().offers(ORDER).stream().findFirst());
        var lease = new LeaseId(UUID.randomUUID());
        gateway.market().accept(lease, ORDER, offer);
        return lease;
    }

    private ProcessMark runnerOf(ChildAgent agent, LeaseId lease) {
        var started = await(lease, Started.class);
        assertThat(started.port()).isEqualTo(4711);
        return folderOf(agent, lease).process().orElseThrow();
    }

    private static LeaseFolder folderOf(ChildAgent agent, LeaseId lease) {
        return new LeaseFolder(agent.home().resolve("leases").resolve(lease.toString()), lease.value());
    }

    private static int starts(ChildAgent agent, LeaseId lease) throws IOException {
        return Files.readAllLines(agent.home().resolve("cache/starts-" + lease)).size();
    }

    private <T extends MarketView> T await(LeaseId lease, Class<T> wanted) {
        return Eventually.seen(wanted.getSimpleName(), () -> look(lease, wanted));
    }

    private <T extends MarketView> Optional<T> look(LeaseId lease, Class<T> wanted) {
        var view = gateway.market().look(lease);
        return wanted.isInstance(view) ? Optional.of(wanted.cast(view)) : Optional.empty();
    }
}
