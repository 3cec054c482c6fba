package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseId;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * What a lease has cost so far.
 *
 * @param running whether it still bills
 */
public record FleetBill(
        LeaseId lease,
        String provider,
        BigDecimal priceUsdPerHour,
        Instant openedAt,
        Instant billedUntil,
        boolean running,
        BigDecimal costUsd) {

    static FleetBill of(FleetLease lease, FleetAgent agent) {
        return new FleetBill(
                lease.id(),
                agent.name(),
                lease.terms().priceUsdPerHour(),
                lease.openedAt(),
                lease.billedUntil(agent.heardAt()).billedUntil().orElse(lease.openedAt()),
                lease.billedUntil().isEmpty(),
                FleetRules.costUsd(lease, agent));
    }
}
