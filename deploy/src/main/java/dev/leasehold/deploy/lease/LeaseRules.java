package dev.leasehold.deploy.lease;

import static dev.leasehold.deploy.lease.Deadlines.isPast;
import static dev.leasehold.deploy.lease.Deadlines.later;
import static dev.leasehold.deploy.lease.Deadlines.moved;
import static dev.leasehold.deploy.lease.Deadlines.renewed;
import static dev.leasehold.deploy.lease.Step.to;

import dev.leasehold.deploy.lease.LeaseCommand.Accept;
import dev.leasehold.deploy.lease.LeaseCommand.Close;
import dev.leasehold.deploy.lease.LeaseCommand.FindOffer;
import dev.leasehold.deploy.lease.LeaseCommand.Look;
import dev.leasehold.deploy.lease.LeaseEvent.Answer;
import dev.leasehold.deploy.lease.LeaseEvent.LoadFailed;
import dev.leasehold.deploy.lease.LeaseEvent.Looked;
import dev.leasehold.deploy.lease.LeaseEvent.NoOffer;
import dev.leasehold.deploy.lease.LeaseEvent.Offered;
import dev.leasehold.deploy.lease.LeaseEvent.Probe;
import dev.leasehold.deploy.lease.LeaseEvent.Progressed;
import dev.leasehold.deploy.lease.LeaseEvent.Ready;
import dev.leasehold.deploy.lease.LeaseEvent.Refused;
import dev.leasehold.deploy.lease.LeaseEvent.Restarted;
import dev.leasehold.deploy.lease.LeaseEvent.Resumed;
import dev.leasehold.deploy.lease.LeaseEvent.StopWanted;
import dev.leasehold.deploy.lease.LeaseEvent.Tick;
import dev.leasehold.deploy.lease.LeaseEvent.TurnedUp;
import dev.leasehold.deploy.lease.LeaseEvent.Unanswered;
import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Leased;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.MarketView.Absent;
import dev.leasehold.deploy.market.MarketView.Closed;
import dev.leasehold.deploy.market.MarketView.Failed;
import dev.leasehold.deploy.market.MarketView.Started;
import dev.leasehold.deploy.market.MarketView.Starting;
import dev.leasehold.deploy.market.MarketView.Unreachable;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.runner.Address;
import dev.leasehold.deploy.runner.Pin;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The rules of a lease. Pure: they decide what happens next and do nothing themselves.
 *
 * <p>A lease costs money until its market says that nothing bills. Every way out therefore leads through {@link
 * Closing}, which asks again until that word comes; and {@link Released} still closes a lease that turns up late.
 *
 * <p>A deadline asks for evidence and never is evidence: past it, a lease is given up only on an answer that says that
 * it has still not come on. After an absence of our own ({@link Resumed}) every deadline moves by it.
 */
public final class LeaseRules {
    private final LeasePolicy policy;
    private final Duration warmMax;

    /** @param bytes of the model's files, which the runner may have to be sent */
    public LeaseRules(LeasePolicy policy, long bytes) {
        this.policy = policy;
        this.warmMax = policy.warmMax(bytes);
    }

    public Step step(LeaseState state, LeaseEvent event) {
        return switch (state) {
            case Wanted wanted -> whileWanted(wanted, event);
            case Ordering ordering -> whileOrdering(ordering, event);
            case Accepting accepting -> whileAccepting(accepting, event);
            case Launching launching -> whileLaunching(launching, event);
            case Warming warming -> whileWarming(warming, event);
            case Serving serving -> whileServing(serving, event);
            case Suspect suspect -> whileSuspect(suspect, event);
            case Draining draining -> whileDraining(draining, event);
            case Closing closing -> whileClosing(closing, event);
            case Released released -> onceReleased(released, event);
        };
    }

    private Step whileWanted(Wanted wanted, LeaseEvent event) {
        return switch (event) {
            case Tick(var at) when isPast(wanted, at) -> order(at);
            case Resumed(var at, var _) -> order(at);
            case StopWanted(var at) -> close(at);
            case Tick _, Answer _, Probe _, TurnedUp _ -> to(wanted);
        };
    }

    private Step order(Instant at) {
        return to(new Ordering(at.plus(policy.acceptMax())), new FindOffer());
    }

    private Step whileOrdering(Ordering ordering, LeaseEvent event) {
        return switch (event) {
            case Offered(var at, var offer) -> accept(offer, 1, at);
            case NoOffer(var at, var why) -> to(new Wanted(Optional.of(why), at.plus(policy.offerRetry())));
            case Tick(var at) when isPast(ordering, at) -> order(at);
            case Resumed(var at, var _) -> order(at);
            case StopWanted(var at) -> close(at);
            case Tick _, Answer _, Probe _, TurnedUp _ -> to(ordering);
        };
    }

    private Step accept(Offer offer, int attempt, Instant at) {
        var settledAt = at.plus(policy.acceptMax());
        return to(new Accepting(offer, attempt, settledAt, settledAt), new Accept(offer));
    }

    private Step whileAccepting(Accepting accepting, LeaseEvent event) {
        return switch (event) {
            case Looked looked -> acceptedOrNot(accepting, looked);
            case Refused(var at, var why) -> close(accepting, Reason.NO_CAPACITY, why, at);
            case Tick(var at)
            when isPast(accepting, at) -> to(renewed(accepting, at.plus(policy.acceptMax())), new Look());
            case Resumed(var _, var gap) -> to(moved(accepting, gap), new Look());
            case StopWanted(var at) -> closeWhileAccepting(accepting, at);
            case Tick _, Answer _, Probe _, TurnedUp _ -> to(accepting);
        };
    }

    /** "No such lease" counts only if the question was asked when our call could no longer be on its way. */
    private Step acceptedOrNot(Accepting accepting, Looked looked) {
        var at = looked.at();
        return switch (looked.view()) {
            case Absent _ when looked.askedAt().isBefore(accepting.settledAt()) -> to(accepting);
            case Absent _
            when accepting.attempt() < policy.acceptsMax() -> accept(accepting.offer(), accepting.attempt() + 1, at);
            case Absent _ ->
                close(accepting, Reason.NO_CAPACITY, provider(accepting) + " did not give what it offered.", at);
            case Starting(var detail) -> launch(accepting, detail, at);
            case Unreachable _ -> launch(accepting, provider(accepting) + " is not heard from.", at);
            case Started(var host, var port) -> warm(accepting, new Address(host, port), at);
            case Failed _, Closed _ -> over(accepting, looked);
        };
    }

    private Step launch(Leased lease, String detail, Instant at) {
        var deadline = at.plus(policy.looks().launching());
        return to(new Launching(lease.offer(), detail, at.plus(policy.launchMax()), deadline));
    }

    private Step whileLaunching(Launching launching, LeaseEvent event) {
        return switch (event) {
            case Looked looked -> launchedOrNot(launching, looked);
            case Tick(var at)
            when isPast(launching, at) ->
                to(renewed(launching, at.plus(policy.looks().launching())), new Look());
            case Resumed(var _, var gap) -> to(moved(launching, gap), new Look());
            case StopWanted(var at) -> close(launching, Reason.STOPPED, "", at);
            case Tick _, Answer _, Probe _, TurnedUp _ -> to(launching);
        };
    }

    private Step launchedOrNot(Launching launching, Looked looked) {
        var at = looked.at();
        return switch (looked.view()) {
            case Started(var host, var port) -> warm(launching, new Address(host, port), at);
            case Starting _, Unreachable _
            when !at.isBefore(launching.giveUpAt()) ->
                close(launching, Reason.LAUNCH_TIMEOUT, provider(launching) + " did not start the runner in time.", at);
            case Starting(var detail) ->
                to(new Launching(launching.offer(), detail, launching.giveUpAt(), launching.deadline()));
            case Unreachable _ -> to(launching);
            case Absent _, Failed _, Closed _ -> over(launching, looked);
        };
    }

    private Step warm(Leased lease, Address address, Instant at) {
        var deadline = at.plus(policy.looks().warming());
        return to(new Warming(lease.offer(), address, Progress.NONE, at.plus(warmMax), deadline));
    }

    private Step whileWarming(Warming warming, LeaseEvent event) {
        return switch (event) {
            case Ready(var at, var runner, var _) -> serve(warming.offer(), runner, at);
            case Progressed(var at, var progress) -> comesOnOrNot(warming, progress, at);
            case Unanswered silence
            when isHopeless(silence, warming.giveUpAt()) ->
                close(
                        warming,
                        Reason.WARM_TIMEOUT,
                        "The runner did not become ready in time: " + silence.why(),
                        silence.at());
            case LoadFailed(var at, var why) -> close(warming, Reason.LOAD_FAILED, why, at);
            case Looked looked -> stillWarmingOrNot(warming, looked);
            case Tick(var at)
            when isPast(warming, at) ->
                to(renewed(warming, at.plus(policy.looks().warming())), new Look());
            case Resumed(var _, var gap) -> to(moved(warming, gap));
            case StopWanted(var at) -> close(warming, Reason.STOPPED, "", at);
            case Tick _, Answer _, Probe _, TurnedUp _ -> to(warming);
        };
    }

    /** What is further on than ever may take longer. */
    private Step comesOnOrNot(Warming warming, Progress progress, Instant at) {
        if (progress.isAfter(warming.progress())) {
            var giveUpAt = later(warming.giveUpAt(), at.plus(policy.stallMax()));
            return to(new Warming(warming.offer(), warming.address(), progress, giveUpAt, warming.deadline()));
        }
        return at.isBefore(warming.giveUpAt())
                ? to(warming)
                : close(warming, Reason.WARM_TIMEOUT, "The runner stopped to come on while it loaded the model.", at);
    }

    private Step stillWarmingOrNot(Warming warming, Looked looked) {
        return switch (looked.view()) {
            case Started(var host, var port)
            when !warming.address().equals(new Address(host, port)) ->
                to(new Warming(
                        warming.offer(),
                        new Address(host, port),
                        warming.progress(),
                        warming.giveUpAt(),
                        warming.deadline()));
            case Started _, Starting _, Unreachable _ -> to(warming);
            case Absent _, Failed _, Closed _ -> over(warming, looked);
        };
    }

    private Step serve(Offer offer, Pin runner, Instant at) {
        return to(new Serving(offer, runner, at.plus(policy.looks().serving())));
    }

    private Step whileServing(Serving serving, LeaseEvent event) {
        return switch (event) {
            case Unanswered(var at, var inARow, var _, var why)
            when inARow >= policy.failedProbesMax() -> suspect(serving, why, at);
            case Unanswered _ -> to(serving, new Look());
            case Restarted(var at) -> close(serving, Reason.LOST, "The runner restarted.", at);
            case Looked looked when isOver(looked.view()) -> suspect(serving, lossOf(serving, looked), looked.at());
            case Tick(var at)
            when isPast(serving, at) ->
                to(renewed(serving, at.plus(policy.looks().serving())), new Look());
            case Resumed(var _, var gap) -> to(moved(serving, gap), new Look());
            case StopWanted(var at) -> drain(serving, serving.runner(), at);
            case Tick _, Answer _, Probe _, TurnedUp _ -> to(serving);
        };
    }

    private Step suspect(Serving serving, String why, Instant at) {
        var deadline = at.plus(policy.looks().suspect());
        var giveUpAt = at.plus(policy.suspectMax());
        return to(new Suspect(serving.offer(), serving.runner(), why, giveUpAt, deadline), new Look());
    }

    private Step whileSuspect(Suspect suspect, LeaseEvent event) {
        return switch (event) {
            case Ready(var at, var runner, var _) -> serve(suspect.offer(), runner, at);
            case Unanswered silence
            when isHopeless(silence, suspect.giveUpAt()) ->
                close(suspect, Reason.LOST, "The runner no longer answers: " + silence.why(), silence.at());
            case Restarted(var at) -> close(suspect, Reason.LOST, "The runner restarted.", at);
            case Looked looked when isOver(looked.view()) -> over(suspect, looked);
            case Tick(var at)
            when isPast(suspect, at) ->
                to(renewed(suspect, at.plus(policy.looks().suspect())), new Look());
            case Resumed(var _, var gap) -> to(moved(suspect, gap), new Look());
            case StopWanted(var at) -> drain(suspect, suspect.runner(), at);
            case Tick _, Answer _, Probe _, TurnedUp _ -> to(suspect);
        };
    }

    /** One lost probe proves nothing, however late. While so many fail that it must be us, there is more patience. */
    private boolean isHopeless(Unanswered silence, Instant giveUpAt) {
        var patience = silence.widespread() ? policy.widespreadMax() : Duration.ZERO;
        return silence.inARow() >= policy.failedProbesMax() && !silence.at().isBefore(giveUpAt.plus(patience));
    }

    private Step drain(Leased lease, Pin runner, Instant at) {
        var giveUpAt = at.plus(policy.drainMax());
        return to(new Draining(
                lease.offer(), runner, 0, at, giveUpAt, at.plus(policy.looks().suspect())));
    }

    private Step whileDraining(Draining draining, LeaseEvent event) {
        return switch (event) {
            case Ready(var at, var _, var sequences) -> drainedOrNot(draining, sequences, at);
            case Unanswered(var at, var inARow, var _, var _)
            when inARow >= policy.failedProbesMax() -> close(draining, Reason.STOPPED, "", at);
            case Restarted(var at) -> close(draining, Reason.STOPPED, "", at);
            case Looked looked when isOver(looked.view()) -> close(draining, Reason.STOPPED, "", looked.at());
            case Tick(var at) when !at.isBefore(draining.giveUpAt()) -> close(draining, Reason.STOPPED, "", at);
            case Tick(var at)
            when isPast(draining, at) ->
                to(renewed(draining, at.plus(policy.looks().suspect())), new Look());
            case Resumed(var _, var gap) -> to(moved(draining, gap));
            case Tick _, Answer _, Probe _, StopWanted _, TurnedUp _ -> to(draining);
        };
    }

    private Step drainedOrNot(Draining draining, int sequences, Instant at) {
        boolean mayCome = at.isBefore(draining.since().plus(policy.drainGrace()));
        int quietProbes = sequences > 0 || mayCome ? 0 : draining.quietProbes() + 1;
        if (quietProbes >= policy.quietProbesMin()) {
            return close(draining, Reason.STOPPED, "", at);
        }
        return to(new Draining(
                draining.offer(),
                draining.runner(),
                quietProbes,
                draining.since(),
                draining.giveUpAt(),
                draining.deadline()));
    }

    /** Before anything was leased. The markets are asked all the same: only their word releases a lease. */
    private Step close(Instant at) {
        return closing(Optional.empty(), new End(Reason.STOPPED, ""), at, at);
    }

    private Step close(Leased lease, Reason reason, String detail, Instant at) {
        return closing(Optional.of(lease.offer()), new End(reason, detail), at, at);
    }

    /** Our call to take the offer may be under way: until it must have ended, "no such lease" is not believed. */
    private Step closeWhileAccepting(Accepting accepting, Instant at) {
        var believedFrom = later(at, accepting.settledAt());
        return closing(Optional.of(accepting.offer()), new End(Reason.STOPPED, ""), believedFrom, at);
    }

    private Step closing(Optional<Offer> offer, End end, Instant believedFrom, Instant at) {
        var deadline = at.plus(policy.closing().after(1));
        return to(new Closing(offer, end, 1, believedFrom, deadline), new Close());
    }

    private Step whileClosing(Closing closing, LeaseEvent event) {
        return switch (event) {
            case Looked looked when billsNothing(closing, looked) -> to(new Released(closing.offer(), closing.end()));
            case Tick(var at) when isPast(closing, at) -> closeAgain(closing, closing.believedFrom(), at);
            case Resumed(var at, var gap) ->
                closeAgain(closing, closing.believedFrom().plus(gap), at);
            case Tick _, Answer _, Probe _, StopWanted _, TurnedUp _ -> to(closing);
        };
    }

    private static boolean billsNothing(Closing closing, Looked looked) {
        if (looked.askedAt().isBefore(closing.believedFrom())) {
            return false;
        }
        return switch (looked.view()) {
            case Absent _, Closed _ -> true;
            case Starting _, Started _, Unreachable _, Failed _ -> false;
        };
    }

    private Step closeAgain(Closing closing, Instant believedFrom, Instant at) {
        int attempt = closing.attempt() + 1;
        var deadline = at.plus(policy.closing().after(attempt));
        return to(new Closing(closing.offer(), closing.end(), attempt, believedFrom, deadline), new Close());
    }

    private static Step onceReleased(Released released, LeaseEvent event) {
        return switch (event) {
            case TurnedUp _ -> to(released, new Close());
            case Tick _, Answer _, Probe _, Resumed _, StopWanted _ -> to(released);
        };
    }

    /** Whether the market says that the runner cannot be there any more. */
    private static boolean isOver(MarketView view) {
        return switch (view) {
            case Absent _, Failed _, Closed _ -> true;
            case Starting _, Started _, Unreachable _ -> false;
        };
    }

    private Step over(Leased lease, Looked looked) {
        var reason = looked.view() instanceof Failed ? Reason.RUNNER_FAILED : Reason.LOST;
        return close(lease, reason, lossOf(lease, looked), looked.at());
    }

    private static String lossOf(Leased lease, Looked looked) {
        return switch (looked.view()) {
            case Absent _ -> provider(lease) + " no longer has the lease.";
            case Closed closed -> provider(lease) + " closed the lease: " + closed.detail();
            case Failed failed ->
                failed.logTail().isEmpty()
                        ? failed.detail()
                        : failed.detail() + " Its last words: "
                                + failed.logTail().getLast();
            case Starting _, Started _, Unreachable _ -> "";
        };
    }

    private static String provider(Leased lease) {
        return lease.offer().provider();
    }
}
