package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.Offer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/** A lent host as the market sees it. */
public record FleetProvider(
        UUID agent,
        String name,
        boolean live,
        Instant heardAt,
        BigDecimal priceUsdPerHour,
        FleetHost host,
        long memoryFreeBytes,
        int leases) {
    private static final int CENTS = 2;

    static FleetProvider of(FleetAgent agent, Collection<FleetLease> open, Instant now) {
        return new FleetProvider(
                agent.id(),
                agent.name(),
                FleetRules.isLive(agent, now),
                agent.heardAt(),
                dollars(agent.priceUsdPerHour()),
                agent.host(),
                Math.max(0, FleetRules.freeBytes(agent, open, now)),
                open.size());
    }

    /** With as many decimals as it needs, and at least cents. */
    private static BigDecimal dollars(BigDecimal price) {
        var shortest = price.stripTrailingZeros();
        return shortest.scale() < CENTS ? shortest.setScale(CENTS) : shortest;
    }

    Offer offer() {
        return new Offer(FleetMarket.NAME, name, agent.toString(), priceUsdPerHour, memoryFreeBytes, host.cores());
    }
}
