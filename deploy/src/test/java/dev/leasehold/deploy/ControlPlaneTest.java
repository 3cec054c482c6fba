package dev.leasehold.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.deploy.deployment.DeploymentRefusedException;
import dev.leasehold.deploy.deployment.DeploymentRequest;
import dev.leasehold.deploy.deployment.DeploymentView;
import dev.leasehold.deploy.deployment.DeploymentView.Status;
import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseSamples;
import dev.leasehold.deploy.lease.LeaseState;
import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.StoredLeases;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.RestartablePostgres;
import dev.leasehold.deploy.market.TestDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The whole control plane on a real PostgreSQL, with hosts and runners in this JVM, through what dies. */
class ControlPlaneTest {
    private static final Instant NEVER = Instant.parse("2999-01-01T00:00:00Z");

    private final DataSource database = TestDatabase.empty();

    @TempDir
    Path home;

    private volatile TestControlPlane plane;
    private FakeHost host;

    @BeforeEach
    void start() throws IOException {
        writeModel(home.resolve("model"));
        plane = TestControlPlane.start(database, home);
        host = new FakeHost("a", "0.10", () -> plane.agents());
    }

    @AfterEach
    void stop() {
        host.close();
        plane.close();
    }

    @Test
    void ofManyThatDeployOneNameAtOnceOneLeaseServes() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<DeploymentView> deploy = () -> deploy(1);
            for (var deployed : threads.invokeAll(List.of(deploy, deploy, deploy))) {
                assertThat(deployed.get().name()).isEqualTo("tiny");
            }
        }

        var target = serving();

        assertThat(target.port()).isEqualTo(host.runners().getFirst().address().port());
        assertThat(host.starts()).isOne();
    }

    @Test
    void aRunnerThatDiesIsReplaced() {
        deploy(1);
        var before = serving();

        host.runnersDie();

        var after = Eventually.seen(
                "another target", () -> target().filter(now -> !now.lease().equals(before.lease())));
        assertThat(after.port()).isNotEqualTo(before.port());
        assertThat(host.starts()).isEqualTo(2);
        assertThat(plane.fleet().bill(before.lease()).orElseThrow().running()).isFalse();
    }

    @Test
    void anAgentThatDiesAloneTakesNoRunnerWithIt() {
        deploy(1);
        var before = serving();

        host.agentDies();
        awaitProbes(2);
        host.agentComesBack();
        awaitProbes(2);

        assertThat(target()).contains(before);
        assertThat(host.starts()).isOne();
    }

    @Test
    void aHostThatDiesLosesItsReplicaToAnother() {
        deploy(1);
        var before = serving();

        try (var other = new FakeHost("b", "0.90", () -> plane.agents())) {
            Eventually.await("the other host", () -> plane.fleet().providers().size() == 2);
            host.close();

            var after = Eventually.seen(
                    "a target elsewhere",
                    () -> target().filter(now -> now.provider().equals("b")));

            assertThat(after.lease()).isNotEqualTo(before.lease());
            assertThat(other.starts()).isOne();
        }
    }

    @Test
    void aControlPlaneThatIsKilledLeavesNothingThatTheNextOneLeasesAgain() {
        host.holdBack(true);
        deploy(1);
        var warming = awaitState("Warming");

        plane.kill();
        try (var _ = plane) {
            plane = TestControlPlane.start(database, home);
            host.holdBack(false);

            assertThat(serving().lease()).isEqualTo(warming.id());
        }
        assertThat(host.starts()).isOne();
        assertThat(plane.fleet().listOwned()).containsExactly(warming.id());
    }

    @Test
    void leasesInWhateverStateAreTakenUpByTheNextControlPlane() {
        try (var _ = plane) {
            plane = TestControlPlane.prepare(database, home);
        }
        deploy(4);
        var order = LeaseSamples.terms("tiny").order();
        var offer = Eventually.seen(
                "an offer", () -> plane.fleet().offers(order).stream().findFirst());
        var longAgo = Instant.EPOCH;
        put(new Ordering(longAgo));
        put(new Accepting(offer, 1, longAgo, longAgo));
        var accepted = put(new Accepting(offer, 1, longAgo, longAgo));
        plane.fleet().accept(accepted, order, offer);
        var launching = put(new Launching(offer, "", NEVER, longAgo));
        plane.fleet().accept(launching, order, offer);
        var closing = put(new Closing(Optional.of(offer), new End(Reason.STOPPED, ""), 1, longAgo, longAgo));
        plane.fleet().accept(closing, order, offer);

        JdbcClient.create(database).sql("UPDATE lease SET due_at = now()").update();
        plane.controlPlane().start();

        Eventually.await("four replicas", () -> status() == Status.SERVING);
        Eventually.await("the release of the fifth", () -> plane.leases().size() == 4);
        assertThat(plane.fleet().listOwned())
                .hasSize(4)
                .contains(accepted, launching)
                .doesNotContain(closing);
        assertThat(host.starts()).isLessThanOrEqualTo(5);
    }

    @Test
    void aDatabaseThatIsKilledUnderItChangesNothingOnceItIsBack() throws IOException {
        stop();
        try (var postgres = new RestartablePostgres(home.resolve("postgres"))) {
            plane = TestControlPlane.start(postgres.database(), home);
            host = new FakeHost("a", "0.10", () -> plane.agents());
            deploy(1);
            var before = serving();

            postgres.kill();
            awaitProbes(5);
            postgres.restart();

            assertThat(serving()).isEqualTo(before);
            assertThat(host.starts()).isOne();
            plane.deployments().remove("tiny");
            Eventually.await(
                    "the release", () -> plane.deployments().find("tiny").isEmpty());
            assertThat(host.runners()).isEmpty();
            stop();
        }
    }

    @Test
    void aDeploymentThatIsRemovedEndsItsRequestsThenItsBills() {
        deploy(1);
        var served = serving();
        var runner = host.runners().getFirst();
        runner.busyWith(1);

        plane.deployments().remove("tiny");

        assertThat(plane.routes().all()).isEmpty();
        awaitState("Draining");
        awaitProbes(5);
        assertThat(host.runners()).containsExactly(runner);
        assertThatThrownBy(() -> deploy(1)).isInstanceOf(DeploymentRefusedException.class);
        runner.busyWith(0);
        Eventually.await("the end", () -> plane.deployments().find("tiny").isEmpty());
        assertThat(plane.leases()).isEmpty();
        assertThat(plane.fleet().bill(served.lease()).orElseThrow().running()).isFalse();
        assertThat(host.runners()).isEmpty();

        deploy(1);

        assertThat(serving().lease()).isNotEqualTo(served.lease());
    }

    @Test
    void whoReleasesAllLeavesNoBill() throws InterruptedException {
        deploy(2);
        Eventually.await("two replicas", () -> status() == Status.SERVING);
        int billed = plane.controlPlane().billing().size();

        plane.controlPlane().releaseAll();

        assertThat(billed).isEqualTo(2);
        Eventually.await("the release", plane.controlPlane()::allReleased);
        assertThat(plane.controlPlane().billing()).isEmpty();
        assertThat(plane.fleet().listOwned()).isEmpty();
        assertThat(plane.deployments().find("tiny")).isPresent();
    }

    private static void writeModel(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 256, "hidden_size": 8,
                 "num_hidden_layers": 1, "num_attention_heads": 1}""");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        var weights = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(2);
        Files.write(
                folder.resolve("model.safetensors"),
                weights.put((byte) '{').put((byte) '}').array());
    }

    private DeploymentView deploy(int replicas) {
        return plane.deployments()
                .deploy(new DeploymentRequest(
                        "file:" + home.resolve("model"),
                        Optional.of("tiny"),
                        replicas,
                        Optional.empty(),
                        Optional.empty()));
    }

    /** A lease of the deployment, as a control plane left it that died. */
    private LeaseId put(LeaseState state) {
        var jdbc = JdbcClient.create(database);
        var worked = new StoredLeases(jdbc).worked("tiny", Instant.EPOCH);
        worked.save(state);
        jdbc.sql("UPDATE lease SET terms = jsonb_set(terms, '{workload}', workload) FROM deployment")
                .update();
        return worked.id();
    }

    private Status status() {
        return plane.deployments().find("tiny").orElseThrow().status();
    }

    private Target serving() {
        return Eventually.seen("a target", this::target);
    }

    private Optional<Target> target() {
        return plane.routes().all().stream()
                .flatMap(route -> route.targets().stream())
                .findFirst();
    }

    private Lease awaitState(String kind) {
        return Eventually.seen(
                "a lease that is " + kind,
                () -> plane.leases().stream()
                        .filter(lease -> lease.state().kind().equals(kind))
                        .findFirst());
    }

    /** Waits until each runner has been probed so many times more. */
    private void awaitProbes(int count) {
        var runner = host.runners().getFirst();
        long before = probes(runner.requests());
        Eventually.await(count + " probes", () -> probes(runner.requests()) >= before + count);
    }

    private static long probes(List<String> requests) {
        return requests.stream().filter("GET /ready"::equals).count();
    }
}
