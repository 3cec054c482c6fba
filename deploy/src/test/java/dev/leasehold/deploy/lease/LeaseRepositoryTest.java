package dev.leasehold.deploy.lease;

import static dev.leasehold.deploy.lease.LeaseSamples.NOON;
import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;
import static dev.leasehold.deploy.lease.LeaseSamples.PIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import dev.leasehold.deploy.lease.StoredLeases.Then;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.market.SettableClock;
import dev.leasehold.deploy.market.TestDatabase;
import dev.leasehold.deploy.runner.Address;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class LeaseRepositoryTest {
    private static final End LOST = new End(Reason.LOST, "silence");

    private final SingleConnectionDataSource database = TestDatabase.onOneConnection();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final StoredLeases stored = new StoredLeases(jdbc);
    private final LeaseRepository leases = stored.repository();

    @AfterEach
    void disconnect() {
        database.destroy();
    }

    @Test
    void everyStateIsReadAsItWasWritten() {
        var states = List.of(
                new Wanted(Optional.of("nobody"), NOON),
                new Ordering(NOON),
                new Accepting(OFFER, 2, NOON, NOON.plusSeconds(1)),
                new Launching(OFFER, "pulling", NOON, NOON.plusSeconds(1)),
                new Warming(OFFER, new Address("h", 1), new Progress(Progress.Stage.LOADING, 0.5), NOON, NOON),
                new Serving(OFFER, PIN, NOON),
                new Suspect(OFFER, PIN, "refused", NOON, NOON),
                new Draining(OFFER, PIN, 1, NOON, NOON, NOON),
                new Closing(Optional.empty(), LOST, 3, NOON, NOON),
                new Released(Optional.of(OFFER), LOST));

        assertThat(states).allSatisfy(state -> {
            var id = stored.put("tiny", NOON, new Then(NOON, state));
            assertThat(leases.find(id).orElseThrow().state()).isEqualTo(state);
        });
    }

    @Test
    void aStateWithAFieldThatANewerGatewayWroteIsReadWithoutIt() {
        var json = new LeaseJson();
        var text = json.write(new Ordering(NOON)).replace("{", "{\"unknownYet\": 1, ");

        assertThat(json.state(text)).isEqualTo(new Ordering(NOON));
    }

    @Test
    void allThatAreToEndAreMarkedButNotThoseThatHave() {
        var living = stored.put("tiny", NOON);
        var ended = released("tiny", NOON, NOON);

        leases.stopAll();

        assertThat(leases.find(living).orElseThrow().stopWanted()).isTrue();
        assertThat(leases.find(ended).orElseThrow().stopWanted()).isFalse();
        assertThat(leases.unreleased()).extracting(Lease::id).containsExactly(living);
    }

    @Test
    void aDeploymentsLeasesAreAllThatLiveAndThoseThatEndedLast() {
        var old = stored.put("tiny", NOON.minusSeconds(9_000));
        stored.put("other", NOON);
        released("tiny", NOON.minusSeconds(10), NOON);
        for (int minute = 0; minute < 20; minute++) {
            released("tiny", NOON.plusSeconds(60L * minute), NOON.plusSeconds(60L * minute + 30));
        }

        var found = leases.of("tiny", NOON);

        assertThat(found).hasSize(17);
        assertThat(found.getFirst().id()).isEqualTo(old);
        assertThat(found.getLast().endedAt()).contains(NOON.plusSeconds(60 * 19 + 30));
        assertThat(found).isSortedAccordingTo((a, b) -> a.createdAt().compareTo(b.createdAt()));
    }

    @Test
    void aLeaseThatServedForLongIsAmongThoseThatEndedLast() {
        var veteran = released("tiny", NOON, NOON.plusSeconds(9_000));
        for (int number = 1; number <= 16; number++) {
            released("tiny", NOON.plusSeconds(number), NOON.plusSeconds(number + 1));
        }

        assertThat(leases.of("tiny", NOON)).extracting(Lease::id).contains(veteran);
    }

    @Test
    void whatWasReleasedLongAgoIsForgotten() {
        var old = released("tiny", NOON, NOON);
        var young = released("tiny", NOON, NOON.plusSeconds(3_600));
        var living = stored.put("tiny", NOON);

        leases.forget(NOON.plus(Duration.ofDays(7)).plusSeconds(1), Duration.ofDays(7));

        assertThat(leases.find(old)).isEmpty();
        assertThat(leases.find(young)).isPresent();
        assertThat(leases.find(living)).isPresent();
    }

    @Test
    void aProviderThatJustLostALeaseIsRememberedHoweverLongThatServed() {
        var clock = new SettableClock();
        var now = clock.instant();
        released("tiny", now.minus(Duration.ofHours(3)), now.minusSeconds(10));
        var experience = new LeaseExperience(leases, clock);

        var soon = experience.of("tiny", new LeaseId(UUID.randomUUID()));
        clock.advance(Duration.ofMinutes(2));
        var later = experience.of("tiny", new LeaseId(UUID.randomUUID()));

        assertThat(soon.failing()).containsExactly("alpha");
        assertThat(later.failing()).isEmpty();
    }

    @Test
    void theProvidersOfADeploymentsOtherLeasesAreKnown() {
        var clock = new SettableClock();
        var beta = new Offer("fake", "beta", "offer-2", BigDecimal.ONE, 1, 1);
        var mine = serving(OFFER, clock.instant());
        serving(beta, clock.instant());
        leases.stop(List.of(serving(OFFER, clock.instant())));

        var experience = new LeaseExperience(leases, clock).of("tiny", mine);

        assertThat(experience.serving()).containsExactly("beta");
        assertThat(experience.failing()).isEmpty();
    }

    private LeaseId serving(Offer offer, Instant at) {
        return stored.put("tiny", at, new Then(at, new Serving(offer, PIN, at)));
    }

    private LeaseId released(String deployment, Instant createdAt, Instant endedAt) {
        return stored.put(
                deployment,
                createdAt,
                new Then(endedAt, new Closing(Optional.of(OFFER), LOST, 1, endedAt, endedAt)),
                new Then(endedAt, new Released(Optional.of(OFFER), LOST)));
    }
}
