package dev.leasehold.deploy.deployment;

import dev.leasehold.deploy.lease.LeaseTerms;
import dev.leasehold.deploy.market.Order;
import dev.leasehold.deploy.runner.Workload;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is wanted: a model that shall serve.
 *
 * @param memoryBytes what one replica needs
 * @param removedAt once set, everything of it is to end
 */
record Deployment(
        Workload workload,
        long memoryBytes,
        int wantedReplicas,
        Optional<BigDecimal> priceMaxUsdPerHour,
        Instant createdAt,
        Optional<Instant> removedAt) {

    String name() {
        return workload.name();
    }

    Order order() {
        return new Order(memoryBytes, priceMaxUsdPerHour, Set.of());
    }

    LeaseTerms terms() {
        return new LeaseTerms(name(), order(), workload);
    }
}
