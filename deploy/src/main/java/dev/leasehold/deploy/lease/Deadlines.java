package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Live;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import java.time.Duration;
import java.time.Instant;

/** Moves the times of a state; everything else of it stays. */
final class Deadlines {
    private Deadlines() {}

    static boolean isPast(Live state, Instant at) {
        return !at.isBefore(state.deadline());
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** All times of the state, later by the gap: nothing is judged by the time that we were not there. */
    static Live moved(Live state, Duration gap) {
        return switch (state) {
            case Wanted(var why, var deadline) -> new Wanted(why, deadline.plus(gap));
            case Ordering(var deadline) -> new Ordering(deadline.plus(gap));
            case Accepting(var offer, var attempt, var settledAt, var deadline) ->
                new Accepting(offer, attempt, settledAt.plus(gap), deadline.plus(gap));
            case Launching(var offer, var detail, var giveUpAt, var deadline) ->
                new Launching(offer, detail, giveUpAt.plus(gap), deadline.plus(gap));
            case Warming(var offer, var address, var progress, var giveUpAt, var deadline) ->
                new Warming(offer, address, progress, giveUpAt.plus(gap), deadline.plus(gap));
            case Serving(var offer, var runner, var deadline) -> new Serving(offer, runner, deadline.plus(gap));
            case Suspect(var offer, var runner, var why, var giveUpAt, var deadline) ->
                new Suspect(offer, runner, why, giveUpAt.plus(gap), deadline.plus(gap));
            case Draining(var offer, var runner, var quiet, var since, var giveUpAt, var deadline) ->
                new Draining(offer, runner, quiet, since, giveUpAt.plus(gap), deadline.plus(gap));
            case Closing(var offer, var end, var attempt, var believedFrom, var deadline) ->
                new Closing(offer, end, attempt, believedFrom.plus(gap), deadline.plus(gap));
        };
    }

    /** The state with another deadline; what it gives up at stays. */
    static Live renewed(Live state, Instant deadline) {
        return switch (state) {
            case Wanted(var why, var _) -> new Wanted(why, deadline);
            case Ordering _ -> new Ordering(deadline);
            case Accepting(var offer, var attempt, var settledAt, var _) ->
                new Accepting(offer, attempt, settledAt, deadline);
            case Launching(var offer, var detail, var giveUpAt, var _) ->
                new Launching(offer, detail, giveUpAt, deadline);
            case Warming(var offer, var address, var progress, var giveUpAt, var _) ->
                new Warming(offer, address, progress, giveUpAt, deadline);
            case Serving(var offer, var runner, var _) -> new Serving(offer, runner, deadline);
            case Suspect(var offer, var runner, var why, var giveUpAt, var _) ->
                new Suspect(offer, runner, why, giveUpAt, deadline);
            case Draining(var offer, var runner, var quiet, var since, var giveUpAt, var _) ->
                new Draining(offer, runner, quiet, since, giveUpAt, deadline);
            case Closing(var offer, var end, var attempt, var believedFrom, var _) ->
                new Closing(offer, end, attempt, believedFrom, deadline);
        };
    }
}
