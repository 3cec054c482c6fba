package dev.leasehold.deploy.deployment;

import dev.leasehold.catalog.model.Task;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A deployment as its users see it.
 *
 * @param message why it does not do what is wanted, if it does not
 * @param priceUsdPerHour what its leases bill now
 */
public record DeploymentView(
        String name,
        String model,
        Task task,
        int wantedReplicas,
        Status status,
        Optional<String> message,
        Instant createdAt,
        BigDecimal priceUsdPerHour,
        List<ReplicaView> replicas) {
    public DeploymentView {
        replicas = List.copyOf(replicas);
    }

    /** How a deployment is. */
    public enum Status {
        /** Its first replica is on its way. */
        PENDING,
        SERVING,
        /** It answers, with fewer replicas than wanted. */
        DEGRADED,
        /** It was removed; its leases are being released. */
        STOPPING,
        /** Nobody offers what it needs. */
        WAITING
    }

    public int readyReplicas() {
        return (int) replicas.stream().filter(ReplicaView::isReady).count();
    }
}
