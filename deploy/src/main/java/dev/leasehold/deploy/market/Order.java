package dev.leasehold.deploy.market;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;

/**
 * What a lease shall give us.
 *
 * @param memoryBytes memory that the runner may use, all of it counted
 * @param priceMaxUsdPerHour offers above it are not shown
 * @param avoidProviders providers that shall not be offered, such as those that just failed
 */
public record Order(long memoryBytes, Optional<BigDecimal> priceMaxUsdPerHour, Set<String> avoidProviders) {
    public Order {
        avoidProviders = Set.copyOf(avoidProviders);
    }
}
