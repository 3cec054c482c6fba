package dev.leasehold.deploy.lease;

import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.catalog.artifact.ModelFiles;
import dev.leasehold.deploy.Eventually;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.RunnerTools.Intervals;
import dev.leasehold.deploy.lease.StoredLeases.Then;
import dev.leasehold.deploy.market.CutDatabase;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.deploy.market.SettableClock;
import dev.leasehold.deploy.market.TestDatabase;
import dev.leasehold.deploy.runner.RunnerClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One keeper on a real database that can be cut off. */
class LeaseKeeperTest {
    private final CutDatabase database = new CutDatabase(TestDatabase.empty());
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final SettableClock clock = new SettableClock();
    private final StoredLeases leases = new StoredLeases(jdbc);
    private final OwnedMarket market = new OwnedMarket();
    private final Semaphore turns = new Semaphore(1, true);
    private Optional<LeaseKeeper> kept = Optional.empty();

    @AfterEach
    void letGo() {
        kept.ifPresent(LeaseKeeper::end);
    }

    @Test
    void theTimeWithoutADatabaseIsNoEvidenceAgainstARunnerThatStarts() {
        var now = clock.instant();
        var id = launching(now);
        keep(id);
        Eventually.await("the adoption", () -> giveUpAt(id).isAfter(now.plusSeconds(300)));
        var adopted = giveUpAt(id);

        database.cutOff(true);
        clock.advance(Duration.ofMinutes(10));
        Eventually.await("several attempts", () -> database.refused() >= 3);
        database.cutOff(false);

        Eventually.await(
                "the absence in the deadline", () -> giveUpAt(id).equals(adopted.plus(Duration.ofMinutes(10))));
        assertThat(leases.repository().find(id).orElseThrow().state()).isInstanceOf(Launching.class);
    }

    @Test
    void aKeeperThatLetGoAsksNoMarketAnyMore() throws InterruptedException {
        var id = new LeaseId(UUID.randomUUID());
        leases.repository().want(id, LeaseSamples.terms("tiny"), clock.instant());
        turns.acquire();
        var keeper = keep(id);
        Eventually.await("the question that waits for its turn", turns::hasQueuedThreads);

        keeper.end();
        turns.release();
        turns.acquire();

        assertThat(market.asked()).isZero();
    }

    private LeaseId launching(Instant at) {
        var id = leases.put("tiny", at, new Then(at, new Launching(OFFER, "pulling", at.plusSeconds(300), at)));
        market.bills(id);
        jdbc.sql("UPDATE lease SET due_at = now() - interval '1 s'").update();
        return id;
    }

    private Instant giveUpAt(LeaseId id) {
        return leases.repository().find(id).orElseThrow().state() instanceof Launching launching
                ? launching.giveUpAt()
                : Instant.MAX;
    }

    private LeaseKeeper keep(LeaseId id) {
        var claims = new LeaseClaims(jdbc, new LeaseJson(), UUID.randomUUID(), Duration.ofMinutes(10));
        var lease = claims.claim(1).getFirst();
        assertThat(lease.id()).isEqualTo(id);
        var experience = new LeaseExperience(leases.repository(), clock);
        var operations = new LeaseOperations(jdbc, clock);
        var calls = new MarketCalls(List.of(market), List::of, experience, operations, clock);
        var client = new RunnerClient(new LeaseSecrets(new byte[32]), () -> new byte[32]);
        var tools = new RunnerTools(
                client, _ -> new ModelFiles(List.of()), new FailureShare(), clock, 3, Intervals.DEFAULT);
        var rules = new LeaseRules(LeasePolicy.DEFAULT, 0);
        var keeper = new LeaseKeeper(lease, rules, claims, new LeaseShop(calls, tools, turns), () -> {});
        kept = Optional.of(keeper);
        Thread.ofVirtual().start(keeper::run);
        return keeper;
    }
}
