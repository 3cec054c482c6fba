package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.runner.Address;
import dev.leasehold.deploy.runner.Pin;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a lease is in its life. Requests are routed to {@link Serving} leases and to no other; that is read from the
 * state, never commanded.
 */
public sealed interface LeaseState {
    /** A state in which something is still to be done, at its deadline at the latest. */
    sealed interface Live extends LeaseState {
        Instant deadline();
    }

    /** A state in which a market may bill for this offer. */
    sealed interface Leased extends Live {
        Offer offer();
    }

    /** Nothing was asked of any market yet, or nobody offers what is wanted; then {@code why} says so. */
    record Wanted(Optional<String> why, Instant deadline) implements Live {}

    /** The markets are asked for offers. */
    record Ordering(Instant deadline) implements Live {}

    /**
     * An offer is being taken.
     *
     * @param settledAt until then the call may still reach the market, and its "no such lease" proves nothing
     */
    record Accepting(Offer offer, int attempt, Instant settledAt, Instant deadline) implements Leased {}

    /** It is ours and bills; the runner has no address yet. */
    record Launching(Offer offer, String detail, Instant giveUpAt, Instant deadline) implements Leased {}

    /** The runner has an address; it is being trusted, given its files and told to load them. */
    record Warming(Offer offer, Address address, Progress progress, Instant giveUpAt, Instant deadline)
            implements Leased {}

    /** The runner has answered our probe: the model is ready. */
    record Serving(Offer offer, Pin runner, Instant deadline) implements Leased {}

    /**
     * Several probes in a row failed, or the market says that it is over. Out of rotation until one or the other is
     * clear.
     */
    record Suspect(Offer offer, Pin runner, String why, Instant giveUpAt, Instant deadline) implements Leased {}

    /** It gets no more requests; those that run may end. */
    record Draining(Offer offer, Pin runner, int quietProbes, Instant since, Instant giveUpAt, Instant deadline)
            implements Leased {}

    /**
     * The market is told to close it, again and again until it says that nothing bills.
     *
     * @param believedFrom what the market was asked earlier proves nothing
     */
    record Closing(Optional<Offer> offer, End end, int attempt, Instant believedFrom, Instant deadline)
            implements Live {}

    /** The market has said that nothing bills. */
    record Released(Optional<Offer> offer, End end) implements LeaseState {}

    /** Why a lease ends, with a sentence for whoever runs the deployment. */
    record End(Reason reason, String detail) {}

    /** Why a lease ends. */
    enum Reason {
        STOPPED,
        NO_CAPACITY,
        LAUNCH_TIMEOUT,
        WARM_TIMEOUT,
        LOAD_FAILED,
        RUNNER_FAILED,
        LOST
    }

    default String kind() {
        return getClass().getSimpleName();
    }
}
