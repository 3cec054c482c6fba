package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Leased;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Offer;
import java.time.Instant;
import java.util.Optional;

/**
 * A lease as it is stored, for whoever reads it.
 *
 * @param since when it came into this state
 * @param servedAt when it served first
 * @param endedAt when its end began
 */
public record Lease(
        LeaseId id,
        String deployment,
        LeaseState state,
        boolean stopWanted,
        Instant createdAt,
        Instant since,
        Optional<Instant> servedAt,
        Optional<Instant> endedAt) {

    /** What was leased, if anything was. */
    public Optional<Offer> offer() {
        return switch (state) {
            case Leased leased -> Optional.of(leased.offer());
            case Closing closing -> closing.offer();
            case Released released -> released.offer();
            case Wanted _, Ordering _ -> Optional.empty();
        };
    }

    public Optional<End> end() {
        return switch (state) {
            case Closing closing -> Optional.of(closing.end());
            case Released released -> Optional.of(released.end());
            case Wanted _, Ordering _, Leased _ -> Optional.empty();
        };
    }

    /** Whether a market may bill for it now. */
    public boolean mayBill() {
        return switch (state) {
            case Leased _ -> true;
            case Closing closing -> closing.offer().isPresent();
            case Wanted _, Ordering _, Released _ -> false;
        };
    }

    /** Whether it serves or is on its way to. */
    public boolean isAlive() {
        return switch (state) {
            case Wanted _, Ordering _, Accepting _, Launching _, Warming _, Serving _, Suspect _ -> !stopWanted;
            case Draining _, Closing _, Released _ -> false;
        };
    }
}
