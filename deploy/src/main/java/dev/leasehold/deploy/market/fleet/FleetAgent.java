package dev.leasehold.deploy.market.fleet;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * An agent as it last described itself.
 *
 * @param revision grows with every change of what it shall run
 */
record FleetAgent(
        UUID id,
        UUID boot,
        String name,
        String version,
        BigDecimal priceUsdPerHour,
        String reachHost,
        FleetHost host,
        long memoryAvailableBytes,
        Instant heardAt,
        boolean left,
        long revision) {}
