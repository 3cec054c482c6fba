package dev.leasehold.deploy.deployment;

import static dev.leasehold.deploy.lease.LeaseSamples.NOON;
import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;

import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseSamples;
import dev.leasehold.deploy.lease.LeaseState;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.market.LeaseId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Deployments of {@code tiny} and their leases. A lease's number says in which order they were made. */
final class DeploymentSamples {
    private DeploymentSamples() {}

    static Deployment deployment(int wanted) {
        return deployment("tiny", wanted);
    }

    static Deployment deployment(String name, int wanted) {
        return new Deployment(
                LeaseSamples.workload(name),
                1_000_000_000,
                wanted,
                Optional.of(new BigDecimal("0.5")),
                NOON,
                Optional.empty());
    }

    static Deployment removed(int wanted) {
        var before = deployment(wanted);
        return new Deployment(
                before.workload(),
                before.memoryBytes(),
                wanted,
                before.priceMaxUsdPerHour(),
                before.createdAt(),
                Optional.of(NOON));
    }

    static Lease lease(int number, LeaseState state) {
        return new Lease(
                new LeaseId(new UUID(0, number)),
                "tiny",
                state,
                false,
                NOON.plusSeconds(number),
                NOON,
                Optional.empty(),
                Optional.empty());
    }

    static Lease stopping(Lease lease) {
        return new Lease(
                lease.id(),
                lease.deployment(),
                lease.state(),
                true,
                lease.createdAt(),
                lease.since(),
                lease.servedAt(),
                lease.endedAt());
    }

    static Lease ended(int number, LeaseState state, Optional<Instant> servedAt, Instant endedAt) {
        var id = new LeaseId(new UUID(0, number));
        return new Lease(id, "tiny", state, false, NOON, endedAt, servedAt, Optional.of(endedAt));
    }

    /** One that never served. */
    static Lease failed(int number, Instant endedAt) {
        var state = new Released(Optional.of(OFFER), new End(Reason.LOAD_FAILED, "no config.json"));
        return ended(number, state, Optional.empty(), endedAt);
    }
}
