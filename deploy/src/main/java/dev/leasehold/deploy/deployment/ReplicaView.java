package dev.leasehold.deploy.deployment;

import dev.leasehold.deploy.market.LeaseId;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * One replica as users see it.
 *
 * @param provider empty until there is one
 * @param state of its lease, such as {@code Warming}
 * @param stage the same for a human, such as {@code loading 41 %}
 * @param since when it came into this state
 */
public record ReplicaView(
        LeaseId lease, String provider, String state, String stage, BigDecimal priceUsdPerHour, Instant since) {
    boolean isReady() {
        return state.equals("Serving");
    }
}
