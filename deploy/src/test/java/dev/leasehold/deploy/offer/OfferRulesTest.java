package dev.leasehold.deploy.offer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.market.Order;
import dev.leasehold.deploy.offer.OfferRules.Experience;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OfferRulesTest {
    private static final long GB = 1_000_000_000;
    private static final Order ORDER = order("0.50");

    @Test
    void theCheapestThatFitsIsTaken() {
        var small = offer("small", "0.01", 3);
        var cheap = offer("cheap", "0.10", 4);
        var dear = offer("dear", "0.20", 64);

        assertThat(OfferRules.choose(ORDER, List.of(dear, cheap, small), Experience.NONE))
                .contains(cheap);
    }

    @Test
    void whatCostsMoreThanTheCeilingIsNotTakenEvenIfThereIsNothingElse() {
        var exact = offer("exact", "0.50", 4);
        var over = offer("over", "0.51", 4);

        assertThat(OfferRules.choose(ORDER, List.of(over), Experience.NONE)).isEmpty();
        assertThat(OfferRules.choose(ORDER, List.of(over, exact), Experience.NONE))
                .contains(exact);
        assertThat(OfferRules.choose(order(null), List.of(over), Experience.NONE))
                .contains(over);
    }

    @Test
    void replicasAreSpreadOverProvidersBeforeTheyAreCheap() {
        var cheap = offer("cheap", "0.10", 64);
        var dear = offer("dear", "0.20", 64);
        var both = List.of(cheap, dear);

        assertThat(OfferRules.choose(ORDER, both, serving("cheap"))).contains(dear);
        assertThat(OfferRules.choose(ORDER, both, serving("cheap", "dear"))).contains(cheap);
        assertThat(OfferRules.choose(ORDER, both, serving("cheap", "dear", "cheap")))
                .contains(dear);
    }

    @Test
    void aProviderThatHasJustFailedIsTheLastChoiceButOne() {
        var failing = offer("failing", "0.10", 64);
        var busy = offer("busy", "0.20", 64);
        var experience = new Experience(List.of("busy"), Set.of("failing"));

        assertThat(OfferRules.choose(ORDER, List.of(failing, busy), experience)).contains(busy);
        assertThat(OfferRules.choose(ORDER, List.of(failing), experience)).contains(failing);
    }

    @Test
    void whoIsToBeAvoidedIsNeverTaken() {
        var order = new Order(4 * GB, Optional.empty(), Set.of("cheap"));

        assertThat(OfferRules.choose(order, List.of(offer("cheap", "0.10", 64)), Experience.NONE))
                .isEmpty();
    }

    @Test
    void atOnePriceTheRoomierIsTakenAndThenTheFirstByName() {
        var small = offer("a", "0.10", 8);
        var large = offer("b", "0.10", 16);
        var asLarge = offer("c", "0.10", 16);

        assertThat(OfferRules.choose(ORDER, List.of(asLarge, small, large), Experience.NONE))
                .contains(large);
    }

    @Test
    void anOrderThatNobodyCanEverHoldIsRefusedWithTheLargestHost() {
        var refusal = OfferRules.refusal(ORDER, List.of(capacity("a", "0.10", 2), capacity("b", "0.10", 3)));

        assertThat(refusal)
                .contains("No offer has 4.0 GB of memory: the largest, b, has 3.0 GB."
                        + " Join a host with ./leasehold agent or choose a smaller model.");
    }

    @Test
    void anOrderThatIsTooCheapIsRefusedWithTheCheapestThatFits() {
        var capacities = List.of(capacity("small", "0.01", 1), capacity("a", "0.90", 8), capacity("b", "0.60", 8));

        assertThat(OfferRules.refusal(ORDER, capacities))
                .contains("No offer costs at most 0.5 USD an hour: the cheapest that fits, b, costs 0.6."
                        + " Raise the price ceiling.");
    }

    @Test
    void whatMayYetBeHadIsNotRefused() {
        assertThat(OfferRules.refusal(ORDER, List.of())).isEmpty();
        assertThat(OfferRules.refusal(ORDER, List.of(capacity("a", "0.50", 4)))).isEmpty();
    }

    @Test
    void whoWaitsIsToldForWhat() {
        assertThat(OfferRules.explain(ORDER, List.of()))
                .isEqualTo("No host has joined yet. Join one with ./leasehold agent.");
        assertThat(OfferRules.explain(ORDER, List.of(capacity("a", "0.50", 4))))
                .startsWith("All memory is leased: 4.0 GB are needed.");
    }

    private static Order order(@Nullable String priceMax) {
        return new Order(4 * GB, Optional.ofNullable(priceMax).map(BigDecimal::new), Set.of());
    }

    private static Experience serving(String... providers) {
        return new Experience(List.of(providers), Set.of());
    }

    private static Offer offer(String provider, String price, long gigabytes) {
        return new Offer("fake", provider, provider + "-1", new BigDecimal(price), gigabytes * GB, 4);
    }

    private static Capacity capacity(String provider, String price, long gigabytes) {
        return new Capacity("fake", provider, new BigDecimal(price), gigabytes * GB);
    }
}
