package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.runner.Pin;
import java.time.Duration;
import java.time.Instant;

/** What a lease may hear. Time arrives with the event, so the rules never read a clock. */
public sealed interface LeaseEvent {
    Instant at();

    /** What markets answer. */
    sealed interface Answer extends LeaseEvent {}

    /** What our own probes find. */
    sealed interface Probe extends LeaseEvent {}

    record Tick(Instant at) implements LeaseEvent {}

    /** We ourselves were away for this long: asleep, restarted, or without a database. */
    record Resumed(Instant at, Duration gap) implements LeaseEvent {}

    /** This offer is the one to take. */
    record Offered(Instant at, Offer offer) implements Answer {}

    record NoOffer(Instant at, String why) implements Answer {}

    /** The market says that this offer was not and will not be taken. */
    record Refused(Instant at, String why) implements Answer {}

    /** The market's word about the lease, asked for at {@code askedAt}. */
    record Looked(Instant at, Instant askedAt, MarketView view) implements Answer {}

    /** The runner comes on. */
    record Progressed(Instant at, Progress progress) implements Probe {}

    /** The runner says that the model cannot be loaded. */
    record LoadFailed(Instant at, String why) implements Probe {}

    /**
     * Our probe: the runner proved to be ours, and its model is ready.
     *
     * @param sequences that run or wait there
     */
    record Ready(Instant at, Pin runner, int sequences) implements Probe {}

    /** Our probe: the runner proved to be ours, and is another process than before; its model is gone. */
    record Restarted(Instant at) implements Probe {}

    /**
     * Our probes found no ready runner.
     *
     * @param inARow how many, this one counted
     * @param widespread whether so many others fail too that it must be us
     */
    record Unanswered(Instant at, int inARow, boolean widespread, String why) implements Probe {}

    record StopWanted(Instant at) implements LeaseEvent {}

    /** The sweep found the lease in the market's inventory. */
    record TurnedUp(Instant at) implements LeaseEvent {}
}
