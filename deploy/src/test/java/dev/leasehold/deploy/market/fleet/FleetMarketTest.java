package dev.leasehold.deploy.market.fleet;

import static dev.leasehold.deploy.market.MarketWorld.CHEAP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.MarketCompatibilityKit;
import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.MarketView.CloseReason;
import dev.leasehold.deploy.market.MarketWorld;
import dev.leasehold.deploy.market.MarketWorld.Faults;
import dev.leasehold.deploy.market.Order;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FleetMarketTest extends MarketCompatibilityKit {
    private static final Order ORDER = new Order(1L << 30, Optional.empty(), Set.of());

    @Override
    protected MarketWorld world(Faults faults) {
        return new FleetWorld(faults);
    }

    @Test
    void aLeaseBillsFromItsAcceptanceToItsAgentsLastWord() {
        try (var world = new FleetWorld(Faults.NONE)) {
            var lease = accept(world);
            world.pass(Duration.ofSeconds(36));
            world.silence(CHEAP);
            world.pass(Duration.ofSeconds(36));

            var bill = world.fleet().market().bill(lease).orElseThrow();

            assertThat(Duration.between(bill.openedAt(), bill.billedUntil())).isEqualTo(Duration.ofSeconds(36));
            assertThat(bill.costUsd()).isEqualByComparingTo(new BigDecimal("0.001"));
            assertThat(bill.running()).isTrue();
        }
    }

    @Test
    void aRunnerThatEndedBillsNoLonger() {
        try (var world = new FleetWorld(Faults.NONE)) {
            var lease = accept(world);
            world.pass(Duration.ofSeconds(6));
            world.runnerEnds(lease);
            world.pass(Duration.ofSeconds(6));

            var bill = world.fleet().market().bill(lease).orElseThrow();

            assertThat(bill.running()).isFalse();
            assertThat(Duration.between(bill.openedAt(), bill.billedUntil()))
                    .isEqualTo(Duration.ofSeconds(6).plus(FleetWorld.HEARTBEAT));
        }
    }

    @Test
    void anAgentThatLeavesEndsItsLeasesAndItsOffers() {
        try (var world = new FleetWorld(Faults.NONE)) {
            var lease = accept(world);
            world.pass(Duration.ofSeconds(10));
            world.silence(CHEAP);

            var answer = world.agent(CHEAP).leave();

            assertThat(answer.status()).isEqualTo(204);
            assertThat(world.market().look(lease))
                    .isInstanceOfSatisfying(
                            MarketView.Closed.class,
                            closed -> assertThat(closed.reason()).isEqualTo(CloseReason.OWNER));
            assertThat(world.market().offers(ORDER)).extracting("provider").containsExactly(MarketWorld.DEAR);
        }
    }

    @Test
    void aRunnerThatItsAgentForgotIsGoneAndNotStartedAgain() {
        try (var world = new FleetWorld(Faults.NONE)) {
            var lease = accept(world);
            world.pass(Duration.ofSeconds(10));
            world.agent(CHEAP).forgetEverything();
            world.pass(Duration.ofSeconds(10));

            var view = world.market().look(lease);

            assertThat(view).isInstanceOf(MarketView.Failed.class);
            assertThat(world.starts(lease)).isEqualTo(1);
        }
    }

    @Test
    void ourOwnAbsenceClosesNothing() {
        try (var world = new FleetWorld(Faults.NONE)) {
            var lease = accept(world);
            world.pass(Duration.ofSeconds(10));
            world.market().close(lease);
            world.clock().advance(Duration.ofHours(8));
            var restarted = world.restartedMarket();

            assertThat(restarted.look(lease)).isInstanceOf(MarketView.Started.class);
            world.clock().advance(FleetRules.SILENCE_CLOSES);

            assertThat(restarted.look(lease)).isInstanceOf(MarketView.Closed.class);
        }
    }

    private static LeaseId accept(FleetWorld world) {
        var offer = world.market().offers(ORDER).stream()
                .filter(each -> each.provider().equals(CHEAP))
                .findFirst()
                .orElseThrow();
        var lease = new LeaseId(UUID.randomUUID());
        world.market().accept(lease, ORDER, offer);
        return lease;
    }
}
