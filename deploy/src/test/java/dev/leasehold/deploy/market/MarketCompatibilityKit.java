package dev.leasehold.deploy.market;

import static dev.leasehold.deploy.market.MarketWorld.CHEAP;
import static dev.leasehold.deploy.market.MarketWorld.DEAR;
import static dev.leasehold.deploy.market.MarketWorld.ORDER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.deploy.market.MarketException.Fault;
import dev.leasehold.deploy.market.MarketView.Absent;
import dev.leasehold.deploy.market.MarketView.Closed;
import dev.leasehold.deploy.market.MarketView.Failed;
import dev.leasehold.deploy.market.MarketView.Started;
import dev.leasehold.deploy.market.MarketView.Starting;
import dev.leasehold.deploy.market.MarketView.Unreachable;
import dev.leasehold.deploy.market.MarketWorld.Faults;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every market must do, whether it is real or a fake. Each implementation's test extends it. */
public abstract class MarketCompatibilityKit {
    private static final Duration STEP = Duration.ofSeconds(2);
    private static final int STEPS_MAX = 100;
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Order ORDER = new Order(ORDER_BYTES, Optional.empty(), Set.of());

    protected abstract MarketWorld world(Faults faults);

    static Stream<Faults> faults() {
        return Stream.of(Faults.NONE, new Faults(0.3, 1), new Faults(0.6, 2));
    }

    @Test
    void offersWhatFitsTheOrder() {
        try (var world = world(Faults.NONE)) {
            var offers = world.market().offers(ORDER);

            assertThat(offers).extracting(Offer::provider).containsExactlyInAnyOrder(CHEAP, DEAR);
            assertThat(offers).allSatisfy(offer -> {
                assertThat(offer.market()).isEqualTo(world.market().name());
                assertThat(offer.memoryBytes()).isGreaterThanOrEqualTo(ORDER_BYTES);
                assertThat(offer.cores()).isPositive();
            });
        }
    }

    @Test
    void offersNothingThatIsTooSmallTooDearOrToBeAvoided() {
        try (var world = world(Faults.NONE)) {
            var large = new Order(MarketWorld.CAPACITY_BYTES * 2, Optional.empty(), Set.of());
            var poor = new Order(ORDER_BYTES, Optional.of(new BigDecimal("0.15")), Set.of());
            var wary = new Order(ORDER_BYTES, Optional.empty(), Set.of(CHEAP));

            assertThat(world.market().offers(large)).isEmpty();
            assertThat(world.market().offers(poor)).extracting(Offer::provider).containsExactly(CHEAP);
            assertThat(world.market().offers(wary)).extracting(Offer::provider).containsExactly(DEAR);
        }
    }

    @Test
    void aProviderThatIsFullOffersNothingMore() {
        try (var world = world(Faults.NONE)) {
            accept(world, CHEAP);

            var offers = world.market().offers(ORDER);

            assertThat(offers).extracting(Offer::provider).containsExactly(DEAR);
        }
    }

    @Test
    void aSilentProviderOffersNothing() {
        try (var world = world(Faults.NONE)) {
            world.silence(CHEAP);
            world.pass(LONG);

            var offers = world.market().offers(ORDER);

            assertThat(offers).extracting(Offer::provider).containsExactly(DEAR);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anAcceptedLeaseGetsARunnerOnce(Faults faults) {
        try (var world = world(faults)) {
            var lease = accept(world, CHEAP);
            assertThat(world.market().look(lease)).isInstanceOf(Starting.class);

            var started = (Started) await(world, lease, Started.class::isInstance);
            world.pass(LONG);

            assertThat(started.port()).isPositive();
            assertThat(world.starts(lease)).isEqualTo(1);
            assertThat(world.market().listOwned()).containsExactly(lease);
        }
    }

    @Test
    void acceptingTwiceIsOneLease() {
        try (var world = world(Faults.NONE)) {
            var offers = world.market().offers(ORDER);
            var lease = new LeaseId(UUID.randomUUID());

            world.market().accept(lease, ORDER, offers.get(0));
            world.market().accept(lease, ORDER, offers.get(0));
            world.market().accept(lease, ORDER, offers.get(1));
            world.pass(LONG);

            assertThat(world.market().listOwned()).containsExactly(lease);
            assertThat(world.starts(lease)).isEqualTo(1);
            assertThat(world.market().offers(ORDER)).extracting(Offer::provider).hasSize(1);
        }
    }

    @Test
    void ofTwoThatWantTheLastCapacityOneIsRefused() throws Exception {
        try (var world = world(Faults.NONE);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var offer = offer(world, CHEAP);
            Callable<Boolean> accept = () -> isAccepted(world, offer);

            var accepted = threads.invokeAll(List.of(accept, accept, accept, accept)).stream()
                    .filter(result -> result.resultNow())
                    .count();

            assertThat(accepted).isEqualTo(1);
            assertThat(world.market().listOwned()).hasSize(1);
        }
    }

    @Test
    void anOfferOfASilentProviderIsGone() {
        try (var world = world(Faults.NONE)) {
            var offer = offer(world, CHEAP);
            world.silence(CHEAP);
            world.pass(LONG);

            assertThatThrownBy(() -> world.market().accept(new LeaseId(UUID.randomUUID()), ORDER, offer))
                    .isInstanceOfSatisfying(
                            MarketException.class, e -> assertThat(e.fault()).isEqualTo(Fault.OFFER_GONE));
            assertThat(world.market().listOwned()).isEmpty();
        }
    }

    @Test
    void aLeaseThatWasNeverAcceptedIsAbsentAndMayBeClosed() {
        try (var world = world(Faults.NONE)) {
            var lease = new LeaseId(UUID.randomUUID());

            world.market().close(lease);

            assertThat(world.market().look(lease)).isEqualTo(new Absent());
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aRunnerThatEndsIsReportedAndNotStartedAgain(Faults faults) {
        try (var world = world(faults)) {
            var lease = accept(world, CHEAP);
            await(world, lease, Started.class::isInstance);

            world.runnerEnds(lease);
            var failed = (Failed) await(world, lease, Failed.class::isInstance);
            world.pass(LONG);

            assertThat(failed.logTail()).contains("out of memory");
            assertThat(world.starts(lease)).isEqualTo(1);
            assertThat(world.market().listOwned()).containsExactly(lease);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aClosedLeaseRunsNothingAndBillsNothing(Faults faults) {
        try (var world = world(faults)) {
            var lease = accept(world, CHEAP);
            await(world, lease, Started.class::isInstance);

            world.market().close(lease);
            world.market().close(lease);
            await(world, lease, Closed.class::isInstance);
            world.pass(LONG);

            assertThat(world.runs(lease)).isFalse();
            assertThat(world.market().look(lease)).isInstanceOf(Closed.class);
            assertThat(world.market().listOwned()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aLeaseThatIsClosedBeforeItsRunnerStartsLeavesNothing(Faults faults) {
        try (var world = world(faults)) {
            var lease = accept(world, CHEAP);

            world.market().close(lease);
            await(world, lease, Closed.class::isInstance);
            world.pass(LONG);

            assertThat(world.runs(lease)).isFalse();
            assertThat(world.market().listOwned()).isEmpty();
        }
    }

    @Test
    void aFailedLeaseIsClosedAtOnce() {
        try (var world = world(Faults.NONE)) {
            var lease = accept(world, CHEAP);
            await(world, lease, Started.class::isInstance);
            world.runnerEnds(lease);
            await(world, lease, Failed.class::isInstance);

            world.market().close(lease);

            assertThat(world.market().look(lease)).isInstanceOf(Closed.class);
        }
    }

    @Test
    void aLeaseOfASilentProviderIsUnreachableUntilItIsHeardAgain() {
        try (var world = world(Faults.NONE)) {
            var lease = accept(world, CHEAP);
            await(world, lease, Started.class::isInstance);

            world.silence(CHEAP);
            world.pass(LONG);
            assertThat(world.market().look(lease)).isInstanceOf(Unreachable.class);
            world.speak(CHEAP);

            await(world, lease, Started.class::isInstance);
            assertThat(world.starts(lease)).isEqualTo(1);
        }
    }

    @Test
    void aLeaseThatIsClosedWhileItsProviderIsSilentEndsThereToo() {
        try (var world = world(Faults.NONE)) {
            var lease = accept(world, CHEAP);
            await(world, lease, Started.class::isInstance);
            world.silence(CHEAP);

            world.market().close(lease);
            await(world, lease, Closed.class::isInstance);
            assertThat(world.runs(lease)).isTrue();
            world.speak(CHEAP);
            world.pass(LONG);

            assertThat(world.runs(lease)).isFalse();
            assertThat(world.market().look(lease)).isInstanceOf(Closed.class);
        }
    }

    private static LeaseId accept(MarketWorld world, String provider) {
        var lease = new LeaseId(UUID.randomUUID());
        world.market().accept(lease, ORDER, offer(world, provider));
        return lease;
    }

    private static boolean isAccepted(MarketWorld world, Offer offer) {
        try {
            world.market().accept(new LeaseId(UUID.randomUUID()), ORDER, offer);
            return true;
        } catch (MarketException e) {
            assertThat(e.fault()).isEqualTo(Fault.OFFER_GONE);
            return false;
        }
    }

    private static Offer offer(MarketWorld world, String provider) {
        return world.market().offers(ORDER).stream()
                .filter(offer -> offer.provider().equals(provider))
                .findFirst()
                .orElseThrow();
    }

    private static MarketView await(MarketWorld world, LeaseId lease, Predicate<MarketView> wanted) {
        for (int step = 0; step < STEPS_MAX; step++) {
            var view = world.market().look(lease);
            if (wanted.test(view)) {
                return view;
            }
            world.pass(STEP);
        }
        throw new AssertionError(
                "Not seen in time; the market says " + world.market().look(lease) + ".");
    }
}
