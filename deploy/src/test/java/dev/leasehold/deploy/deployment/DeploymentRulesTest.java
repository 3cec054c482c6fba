package dev.leasehold.deploy.deployment;

import static dev.leasehold.deploy.deployment.DeploymentSamples.deployment;
import static dev.leasehold.deploy.deployment.DeploymentSamples.failed;
import static dev.leasehold.deploy.deployment.DeploymentSamples.lease;
import static dev.leasehold.deploy.deployment.DeploymentSamples.stopping;
import static dev.leasehold.deploy.lease.LeaseSamples.NOON;
import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;
import static dev.leasehold.deploy.lease.LeaseSamples.PIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.deployment.DeploymentCommand.Forget;
import dev.leasehold.deploy.deployment.DeploymentCommand.RequestLease;
import dev.leasehold.deploy.deployment.DeploymentCommand.StopLease;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseState;
import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeploymentRulesTest {
    private static final LeaseState WANTED = new Wanted(Optional.empty(), NOON);
    private static final LeaseState ACCEPTING = new Accepting(OFFER, 1, NOON, NOON);
    private static final LeaseState SERVING = new Serving(OFFER, PIN, NOON);
    private static final LeaseState SUSPECT = new Suspect(OFFER, PIN, "refused", NOON, NOON);
    private static final LeaseState RELEASED = new Released(Optional.of(OFFER), new End(Reason.STOPPED, ""));

    @Test
    void aNewDeploymentRequestsItsFirstLeaseAtOnce() {
        assertThat(DeploymentRules.step(deployment(2), List.of(), NOON)).containsExactly(new RequestLease());
    }

    @Test
    void theNextLeaseWaitsUntilTheOneBeforeHasAProvider() {
        assertThat(DeploymentRules.step(deployment(2), List.of(lease(1, WANTED)), NOON))
                .isEmpty();
        assertThat(DeploymentRules.step(deployment(2), List.of(lease(1, ACCEPTING)), NOON))
                .containsExactly(new RequestLease());
    }

    @Test
    void aDeploymentThatHasWhatItWantsDoesNothing() {
        assertThat(DeploymentRules.step(deployment(2), List.of(lease(1, SERVING), lease(2, ACCEPTING)), NOON))
                .isEmpty();
    }

    @Test
    void aSuspectCountsUntilItIsLost() {
        var lost = new Closing(Optional.of(OFFER), new End(Reason.LOST, "silence"), 1, NOON, NOON);

        assertThat(DeploymentRules.step(deployment(1), List.of(lease(1, SUSPECT)), NOON))
                .isEmpty();
        assertThat(DeploymentRules.step(
                        deployment(1), List.of(ended(1, lost, NOON, NOON.plusSeconds(60))), NOON.plusSeconds(60)))
                .containsExactly(new RequestLease());
    }

    @Test
    void aLeaseThatServedForAMinuteIsReplacedAtOnceAndOneThatDidNotAfterASecond() {
        var lost = new Released(Optional.of(OFFER), new End(Reason.LOST, "silence"));
        var now = NOON.plusSeconds(60);

        assertThat(DeploymentRules.step(deployment(1), List.of(ended(1, lost, NOON, now)), now))
                .containsExactly(new RequestLease());
        assertThat(DeploymentRules.step(deployment(1), List.of(ended(1, lost, NOON.plusMillis(1), now)), now))
                .isEmpty();
        assertThat(DeploymentRules.step(
                        deployment(1), List.of(ended(1, lost, NOON.plusMillis(1), now)), now.plusSeconds(1)))
                .containsExactly(new RequestLease());
    }

    @Test
    void eachFailureInARowDoublesTheWaitUpToAMinute() {
        var leases = new ArrayList<Lease>();
        var waits = new ArrayList<Duration>();
        for (int number = 1; number <= 9; number++) {
            leases.add(failed(number, NOON.plusSeconds(number)));
            waits.add(Duration.between(NOON.plusSeconds(number), DeploymentRules.retryAt(leases)));
        }

        assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void aLeaseThatWorkedMakesEarlierFailuresForgotten() {
        var worked = ended(3, RELEASED, NOON.plusSeconds(3), NOON.plusSeconds(63));
        var leases = List.of(failed(1, NOON), failed(2, NOON), worked);

        assertThat(DeploymentRules.retryAt(leases)).isEqualTo(Instant.MIN);
        assertThat(DeploymentRules.failure(leases)).isEmpty();
        assertThat(DeploymentRules.failure(List.of(failed(1, NOON)))).contains("no config.json");
    }

    @Test
    void ofTooManyTheFurthestFromServingAndOfThoseTheNewestGo() {
        var leases =
                List.of(lease(1, SERVING), lease(2, SERVING), lease(3, SUSPECT), lease(4, ACCEPTING), lease(5, WANTED));

        assertThat(DeploymentRules.step(deployment(3), leases, NOON))
                .containsExactly(stop(leases.get(4)), stop(leases.get(3)));
        assertThat(DeploymentRules.step(deployment(1), leases, NOON))
                .containsExactly(stop(leases.get(4)), stop(leases.get(3)), stop(leases.get(2)), stop(leases.get(1)));
    }

    @Test
    void aLeaseThatIsToEndIsNotCounted() {
        assertThat(DeploymentRules.step(deployment(1), List.of(stopping(lease(1, SERVING))), NOON))
                .containsExactly(new RequestLease());
    }

    @Test
    void aRemovedDeploymentStopsEachLeaseOnceAndIsForgottenWithTheLast() {
        var removed = DeploymentSamples.removed(2);
        var serving = lease(1, SERVING);

        assertThat(DeploymentRules.step(removed, List.of(serving, lease(2, RELEASED)), NOON))
                .containsExactly(stop(serving));
        assertThat(DeploymentRules.step(removed, List.of(stopping(serving), lease(2, RELEASED)), NOON))
                .isEmpty();
        assertThat(DeploymentRules.step(removed, List.of(lease(1, RELEASED)), NOON))
                .containsExactly(new Forget());
        assertThat(DeploymentRules.step(removed, List.of(), NOON)).containsExactly(new Forget());
    }

    private static StopLease stop(Lease lease) {
        return new StopLease(lease.id());
    }

    private static Lease ended(int number, LeaseState state, Instant servedAt, Instant endedAt) {
        return DeploymentSamples.ended(number, state, Optional.of(servedAt), endedAt);
    }
}
