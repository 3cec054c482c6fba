package dev.leasehold.deploy.deployment;

import static dev.leasehold.deploy.deployment.DeploymentSamples.deployment;
import static dev.leasehold.deploy.lease.LeaseSamples.NOON;
import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;
import static dev.leasehold.deploy.lease.LeaseSamples.PIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.catalog.model.Task;
import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.lease.LeaseJson;
import dev.leasehold.deploy.lease.LeaseState;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.StoredLeases;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What data planes read, and when they are told to. */
class RouteRepositoryTest {
    private static final LeaseState LAUNCHING = new Launching(OFFER, "pulling", NOON, NOON);
    private static final LeaseState SERVING = new Serving(OFFER, PIN, NOON);
    private static final LeaseState SUSPECT = new Suspect(OFFER, PIN, "refused", NOON, NOON);
    private static final LeaseState DRAINING = new Draining(OFFER, PIN, 0, NOON, NOON, NOON);

    private final DataSource database = TestDatabase.empty();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final DeploymentRepository deployments = new DeploymentRepository(jdbc, new LeaseJson());
    private final StoredLeases leases = new StoredLeases(jdbc);
    private final RouteRepository routes = new RouteRepository(jdbc);
    private final Connection listening;

    RouteRepositoryTest() throws SQLException {
        listening = database.getConnection();
    }

    @BeforeEach
    void listen() throws SQLException {
        try (var statement = listening.createStatement()) {
            statement.execute("LISTEN leasehold_routes");
        }
    }

    @AfterEach
    void hangUp() throws SQLException {
        listening.close();
    }

    @Test
    void aDeploymentThatNobodyServesHasARouteWithoutTargets() {
        deployments.add(deployment(2));
        put(LAUNCHING);

        assertThat(routes.all()).containsExactly(new Route("tiny", "tiny", Task.CHAT, NOON, List.of()));
    }

    @Test
    void whatServesIsATargetWithTheCertificateThatProvedItself() {
        deployments.add(deployment(2));
        var first = put(SERVING);
        var second = put(SERVING);

        var targets = routes.all().getFirst().targets();

        assertThat(targets).containsExactlyInAnyOrder(target(first), target(second));
    }

    @Test
    void whatIsSuspectDrainsOrShallEndIsNoTarget() {
        deployments.add(deployment(2));
        put(SERVING, SUSPECT);
        put(SERVING, DRAINING);
        leases.repository().stop(List.of(put(SERVING)));

        assertThat(routes.all().getFirst().targets()).isEmpty();
    }

    @Test
    void aSuspectThatServesAgainIsATargetAgain() {
        deployments.add(deployment(2));
        var lease = put(SERVING, SUSPECT, SERVING);

        assertThat(routes.all().getFirst().targets()).containsExactly(target(lease));
    }

    @Test
    void aRemovedDeploymentHasNoRouteAtOnce() {
        deployments.add(deployment(2));
        put(SERVING);

        deployments.remove("tiny", NOON);

        assertThat(routes.all()).isEmpty();
    }

    @Test
    void everyChangeOfTheRoutesIsToldAndNothingElse() throws SQLException {
        assertThat(isTold(() -> deployments.add(deployment(2)))).isTrue();
        assertThat(isTold(() -> put(LAUNCHING))).isFalse();
        assertThat(isTold(() -> put(SERVING))).isTrue();
        assertThat(isTold(() -> deployments.remove("tiny", NOON))).isTrue();
        assertThat(isTold(() -> deployments.delete("tiny"))).isTrue();
    }

    @Test
    void theLossOfATargetIsToldAndSoIsItsReturn() throws SQLException {
        var worker = leases.worked("tiny", NOON);
        worker.save(SERVING);
        forget();

        assertThat(isTold(() -> worker.save(SUSPECT))).isTrue();
        assertThat(isTold(() -> worker.save(SUSPECT))).isFalse();
        assertThat(isTold(() -> worker.save(SERVING))).isTrue();
        assertThat(isTold(() -> leases.repository().stop(List.of(worker.id())))).isTrue();
        assertThat(isTold(() -> worker.save(DRAINING))).isTrue();
    }

    private void forget() throws SQLException {
        listening.unwrap(PGConnection.class).getNotifications(1);
    }

    /** Notifications arrive with the answer to any later question. */
    private boolean isTold(Runnable change) throws SQLException {
        change.run();
        try (var statement = listening.createStatement()) {
            statement.execute("SELECT 1");
        }
        var told = listening.unwrap(PGConnection.class).getNotifications();
        return told != null && told.length > 0;
    }

    private LeaseId put(LeaseState... states) {
        var worker = leases.worked("tiny", NOON);
        for (var state : states) {
            worker.save(state);
        }
        return worker.id();
    }

    private static Target target(LeaseId lease) {
        return new Target(lease, "alpha", "127.0.0.1", 8443, "ab".repeat(32));
    }
}
