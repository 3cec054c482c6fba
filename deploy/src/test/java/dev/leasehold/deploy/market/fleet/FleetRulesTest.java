package dev.leasehold.deploy.market.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.fleet.FleetLease.Observed;
import dev.leasehold.deploy.market.fleet.FleetLease.Sight;
import dev.leasehold.deploy.market.fleet.FleetLease.Terms;
import dev.leasehold.deploy.market.fleet.FleetLease.Wanted;
import dev.leasehold.deploy.market.fleet.FleetLease.Wish;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FleetRulesTest {
    private static final long GIB = 1L << 30;
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final FleetAgent AGENT = agent(20 * GIB, 18 * GIB);

    @Test
    void aHeartbeatOfAnAgentThatDidNotKnowTheWishSaysNothingByItsSilence() {
        var closing = lease(Wanted.CLOSED, 5, Observed.RUNNING);

        assertThat(FleetRules.observe(closing, Optional.empty(), 4, NOON)).isEqualTo(closing);
        assertThat(FleetRules.observe(closing, Optional.empty(), 5, NOON).isOpen())
                .isFalse();
    }

    @Test
    void aHeartbeatThatWasOvertakenDoesNotBringARunnerBack() {
        var exited = lease(Wanted.RUN, 1, Observed.EXITED);
        var running = Sight.NOTHING.as(Observed.RUNNING);

        assertThat(FleetRules.observe(exited, Optional.of(running), 1, NOON)).isEqualTo(exited);
    }

    @Test
    void aLeaseThatWasNotSeenYetIsNotLost() {
        var fresh = lease(Wanted.RUN, 1, Observed.NONE);

        assertThat(FleetRules.observe(fresh, Optional.empty(), 1, NOON)).isEqualTo(fresh);
    }

    @Test
    void freeMemoryIsTheLessOfWhatIsUnleasedAndWhatIsUnused() {
        var young = lease(Wanted.RUN, 1, Observed.RUNNING);
        var later = NOON.plus(FleetRules.MEMORY_TAKEN_AFTER);

        assertThat(FleetRules.freeBytes(AGENT, List.of(), NOON)).isEqualTo(18 * GIB);
        assertThat(FleetRules.freeBytes(AGENT, List.of(young), NOON)).isEqualTo(14 * GIB);
        assertThat(FleetRules.freeBytes(agent(20 * GIB, 16 * GIB), List.of(young), later))
                .isEqualTo(15 * GIB);
        assertThat(FleetRules.freeBytes(agent(20 * GIB, GIB), List.of(young), later))
                .isEqualTo(GIB);
    }

    @Test
    void aRunnerThatEndedTakesNoMemory() {
        var ended = lease(Wanted.RUN, 1, Observed.EXITED);

        assertThat(FleetRules.freeBytes(AGENT, List.of(ended), NOON)).isEqualTo(18 * GIB);
    }

    @Test
    void anHourCostsItsPrice() {
        var ended = lease(Wanted.RUN, 1, Observed.EXITED).billedUntil(NOON.plusSeconds(3_600));

        assertThat(FleetRules.costUsd(ended, AGENT)).isEqualByComparingTo("0.10");
    }

    @Test
    void nothingIsBilledBeforeALeaseBegan() {
        var late = lease(Wanted.RUN, 1, Observed.NONE);
        var heardBefore = new FleetAgent(
                AGENT.id(),
                AGENT.boot(),
                "local",
                "0.1.0",
                BigDecimal.ONE,
                "127.0.0.1",
                AGENT.host(),
                GIB,
                NOON.minusSeconds(5),
                false,
                1);

        assertThat(FleetRules.costUsd(late, heardBefore)).isEqualByComparingTo("0");
    }

    private static FleetAgent agent(long memoryBytes, long availableBytes) {
        var host = new FleetHost("box", 4, memoryBytes, List.of());
        return new FleetAgent(
                new UUID(0, 1),
                new UUID(0, 2),
                "local",
                "0.1.0",
                new BigDecimal("0.10"),
                "127.0.0.1",
                host,
                availableBytes,
                NOON,
                false,
                1);
    }

    private static FleetLease lease(Wanted wanted, long revision, Observed observed) {
        return new FleetLease(
                new LeaseId(new UUID(0, 3)),
                new UUID(0, 1),
                new Terms(4 * GIB, 2, new BigDecimal("0.10")),
                new Wish(wanted, revision),
                Sight.NOTHING.as(observed),
                NOON,
                Optional.empty(),
                Optional.empty());
    }
}
