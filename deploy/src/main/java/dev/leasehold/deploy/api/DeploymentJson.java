package dev.leasehold.deploy.api;

import dev.leasehold.deploy.deployment.DeploymentView;
import dev.leasehold.deploy.deployment.ReplicaView;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** A deployment on the wire. */
@JsonNaming(SnakeCaseStrategy.class)
record DeploymentJson(
        String name,
        String model,
        String task,
        String status,
        @Nullable String message,
        int wantedReplicas,
        int readyReplicas,
        BigDecimal priceUsdPerHour,
        Instant createdAt,
        List<Replica> replicas) {

    @JsonNaming(SnakeCaseStrategy.class)
    record Replica(
            String lease, String provider, String state, String stage, BigDecimal priceUsdPerHour, Instant since) {
        static Replica of(ReplicaView replica) {
            return new Replica(
                    replica.lease().toString(),
                    replica.provider(),
                    replica.state(),
                    replica.stage(),
                    replica.priceUsdPerHour(),
                    replica.since());
        }
    }

    static DeploymentJson of(DeploymentView view) {
        return new DeploymentJson(
                view.name(),
                view.model(),
                view.task().name().toLowerCase(Locale.ROOT),
                view.status().name(),
                view.message().orElse(null),
                view.wantedReplicas(),
                view.readyReplicas(),
                view.priceUsdPerHour(),
                view.createdAt(),
                view.replicas().stream().map(Replica::of).toList());
    }
}
