package dev.leasehold.deploy.lease;

import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;
import static dev.leasehold.deploy.lease.LeaseSamples.PIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.Eventually;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Two control planes and one table. */
class LeaseClaimsTest {
    private static final Instant NOON = LeaseSamples.NOON;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final LeaseState ORDERING = new Ordering(NOON.plusSeconds(15));
    private static final LeaseState SERVING = new Serving(OFFER, PIN, NOON.plusSeconds(15));
    private static final LeaseState SUSPECT = new Suspect(OFFER, PIN, "refused", NOON, NOON);
    private static final End LOST = new End(Reason.LOST, "silence");

    private final SingleConnectionDataSource database = TestDatabase.onOneConnection();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final LeaseRepository leases = new LeaseRepository(jdbc, new LeaseJson());
    private final LeaseClaims one = owner(LONG);
    private final LeaseClaims other = owner(LONG);

    @AfterEach
    void disconnect() {
        database.destroy();
    }

    @Test
    void aLeaseThatIsWantedIsTakenByOneOwner() {
        var id = want();

        var taken = one.claim(10);
        var nothing = other.claim(10);

        assertThat(taken).extracting(StoredLease::id).containsExactly(id);
        assertThat(taken.getFirst().terms()).isEqualTo(LeaseSamples.terms("tiny"));
        assertThat(nothing).isEmpty();
    }

    @Test
    void noMoreAreTakenThanOneWants() {
        want();
        want();

        assertThat(one.claim(1)).hasSize(1);
        assertThat(other.claim(10)).hasSize(1);
    }

    @Test
    void theLeaseOfADeadOwnerIsFreeAfterItsTimeAndWasAloneSinceItsLastWord() {
        var id = want();
        owner(Duration.ofMillis(300)).claim(10);

        var taken = Eventually.seen(
                "the claim of the other",
                () -> owner(Duration.ofMillis(300)).claim(10).stream().findFirst());

        assertThat(taken.id()).isEqualTo(id);
        assertThat(taken.gap()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void anOwnerThatSaysThatItLivesKeepsItsLeases() {
        var brief = owner(Duration.ofMillis(300));
        var id = want();
        brief.claim(10);

        var end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (System.nanoTime() < end) {
            assertThat(brief.renew(List.of(id))).containsExactly(id);
            assertThat(other.claim(10)).isEmpty();
        }
    }

    @Test
    void anOwnerIsToldThatALeaseIsNoLongerItsOwn() {
        var brief = owner(Duration.ZERO);
        var lost = want();
        brief.claim(10);
        other.claim(10);

        assertThat(brief.renew(List.of(lost))).isEmpty();
        assertThat(other.renew(List.of(lost))).containsExactly(lost);
        assertThat(one.renew(List.of())).isEqualTo(Set.of());
    }

    @Test
    void aWriterWhoseLeaseWasTakenMeanwhileLoses() {
        var id = want();
        var brief = owner(Duration.ZERO);
        long before = brief.claim(10).getFirst().version();
        long after = other.claim(10).getFirst().version();

        boolean late = brief.save(id, before, SERVING, NOON);
        boolean inTime = other.save(id, after, ORDERING, NOON);

        assertThat(late).isFalse();
        assertThat(inTime).isTrue();
        assertThat(leases.find(id).orElseThrow().state()).isEqualTo(ORDERING);
    }

    @Test
    void aWriterThatWritesTwiceWithOneVersionLosesTheSecondTime() {
        var id = want();
        long version = one.claim(10).getFirst().version();

        assertThat(one.save(id, version, ORDERING, NOON)).isTrue();
        assertThat(one.save(id, version, SERVING, NOON)).isFalse();
        assertThat(one.save(id, version + 1, SERVING, NOON)).isTrue();
    }

    @Test
    void leasesThatAreGivenBackAreFreeAtOnceAndWereHardlyAlone() {
        want();
        one.claim(10);

        one.giveBack();

        assertThat(other.claim(10))
                .singleElement()
                .satisfies(lease -> assertThat(lease.gap()).isLessThan(Duration.ofMinutes(1)));
    }

    @Test
    void onlyItsOwnerHearsThatALeaseShallEnd() {
        var id = want();
        one.claim(10);

        leases.stop(List.of(id));

        assertThat(one.stopsWanted()).containsExactly(id);
        assertThat(other.stopsWanted()).isEmpty();
    }

    @Test
    void theTimesOfALeaseAreThoseOfItsFirstServiceAndOfItsEnd() {
        var id = want();
        long version = one.claim(10).getFirst().version();

        one.save(id, version, SERVING, NOON.plusSeconds(1));
        one.save(id, version + 1, SUSPECT, NOON.plusSeconds(2));
        one.save(id, version + 2, SERVING, NOON.plusSeconds(3));
        one.save(id, version + 3, closing(1), NOON.plusSeconds(4));
        one.save(id, version + 4, closing(2), NOON.plusSeconds(5));

        var lease = leases.find(id).orElseThrow();
        assertThat(lease.servedAt()).contains(NOON.plusSeconds(1));
        assertThat(lease.endedAt()).contains(NOON.plusSeconds(4));
        assertThat(lease.since()).isEqualTo(NOON.plusSeconds(4));
    }

    @Test
    void aReleasedLeaseIsNobodysAnyMore() {
        var brief = owner(Duration.ZERO);
        var id = want();
        long version = brief.claim(10).getFirst().version();

        brief.save(id, version, new Released(Optional.of(OFFER), LOST), NOON);

        assertThat(other.claim(10)).isEmpty();
        assertThat(brief.renew(List.of(id))).isEmpty();
    }

    private static LeaseState closing(int attempt) {
        return new Closing(Optional.of(OFFER), LOST, attempt, NOON, NOON);
    }

    private LeaseClaims owner(Duration claimed) {
        return new LeaseClaims(jdbc, new LeaseJson(), UUID.randomUUID(), claimed);
    }

    private LeaseId want() {
        var id = new LeaseId(UUID.randomUUID());
        leases.want(id, LeaseSamples.terms("tiny"), NOON);
        return id;
    }
}
