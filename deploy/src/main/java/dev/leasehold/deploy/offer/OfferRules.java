package dev.leasehold.deploy.offer;

import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.market.Order;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses an offer. Memory and price ceiling are hard; then providers where a lease of the same deployment has just
 * failed come last, replicas are spread over providers, and the cheapest wins.
 */
public final class OfferRules {
    private static final BigDecimal BYTES_PER_GB = BigDecimal.valueOf(1_000_000_000);
    private static final String ADVICE = " Join a host with ./leasehold agent or choose a smaller model.";

    private OfferRules() {}

    /**
     * What is known about providers for one deployment.
     *
     * @param serving the provider of each of its other leases; one that has two is there twice
     * @param failing providers where it has just failed
     */
    public record Experience(List<String> serving, Set<String> failing) {
        public static final Experience NONE = new Experience(List.of(), Set.of());

        public Experience {
            serving = List.copyOf(serving);
            failing = Set.copyOf(failing);
        }
    }

    /** The offer to take, or nothing if none will do. */
    public static Optional<Offer> choose(Order order, Collection<Offer> offers, Experience experience) {
        return offers.stream()
                .filter(offer -> fits(order, offer.memoryBytes(), offer.priceUsdPerHour()))
                .filter(offer -> !order.avoidProviders().contains(offer.provider()))
                .min(Comparator.comparing((Offer offer) -> experience.failing().contains(offer.provider()))
                        .thenComparingInt(offer -> Collections.frequency(experience.serving(), offer.provider()))
                        .thenComparing(Offer::priceUsdPerHour)
                        .thenComparing(
                                Comparator.comparingLong(Offer::memoryBytes).reversed())
                        .thenComparing(Offer::provider)
                        .thenComparing(Offer::reference));
    }

    /** Why nobody can ever hold this, in a sentence; empty if somebody can, or may yet come. */
    public static Optional<String> refusal(Order order, Collection<Capacity> capacities) {
        boolean hopeless = !capacities.isEmpty()
                && capacities.stream()
                        .noneMatch(capacity -> fits(order, capacity.memoryBytes(), capacity.priceUsdPerHour()));
        return hopeless ? Optional.of(explain(order, capacities)) : Optional.empty();
    }

    /** Why nothing can be leased now, in a sentence. */
    public static String explain(Order order, Collection<Capacity> capacities) {
        if (capacities.isEmpty()) {
            return "No host has joined yet. Join one with ./leasehold agent.";
        }
        var largest = Collections.max(
                capacities, Comparator.comparingLong(Capacity::memoryBytes).thenComparing(Capacity::provider));
        if (largest.memoryBytes() < order.memoryBytes()) {
            return "No offer has " + gigabytes(order.memoryBytes()) + " of memory: the largest, " + largest.provider()
                    + ", has " + gigabytes(largest.memoryBytes()) + "." + ADVICE;
        }
        return tooExpensive(order, capacities)
                .orElseGet(() -> "All memory is leased: " + gigabytes(order.memoryBytes())
                        + " are needed. Remove a deployment or join a host with ./leasehold agent.");
    }

    private static Optional<String> tooExpensive(Order order, Collection<Capacity> capacities) {
        var cheapest = capacities.stream()
                .filter(capacity -> capacity.memoryBytes() >= order.memoryBytes())
                .min(Comparator.comparing(Capacity::priceUsdPerHour).thenComparing(Capacity::provider));
        return order.priceMaxUsdPerHour()
                .filter(max ->
                        cheapest.isPresent() && cheapest.get().priceUsdPerHour().compareTo(max) > 0)
                .map(max -> "No offer costs at most " + usd(max) + " USD an hour: the cheapest that fits, "
                        + cheapest.orElseThrow().provider() + ", costs "
                        + usd(cheapest.orElseThrow().priceUsdPerHour()) + ". Raise the price ceiling.");
    }

    private static boolean fits(Order order, long memoryBytes, BigDecimal priceUsdPerHour) {
        return memoryBytes >= order.memoryBytes()
                && order.priceMaxUsdPerHour()
                        .filter(max -> priceUsdPerHour.compareTo(max) > 0)
                        .isEmpty();
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", BigDecimal.valueOf(bytes).divide(BYTES_PER_GB));
    }

    private static String usd(BigDecimal price) {
        return price.stripTrailingZeros().toPlainString();
    }
}
