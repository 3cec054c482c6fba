package dev.leasehold.deploy.deployment;

import dev.leasehold.catalog.model.Task;
import dev.leasehold.deploy.market.LeaseId;
import java.time.Instant;
import java.util.List;

/** What a gateway needs to know of one deployment to answer for it. */
public record Route(String deployment, String model, Task task, Instant createdAt, List<Target> targets) {
    public Route {
        targets = List.copyOf(targets);
    }

    /** A serving replica: dial it, and refuse it unless its certificate has this SHA-256 (64 hex digits). */
    public record Target(LeaseId lease, String provider, String host, int port, String certificateSha256) {}
}
