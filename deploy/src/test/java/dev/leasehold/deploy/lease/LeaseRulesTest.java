package dev.leasehold.deploy.lease;

import static dev.leasehold.deploy.lease.LeaseSamples.NOON;
import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;
import static dev.leasehold.deploy.lease.LeaseSamples.PIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.lease.LeaseCommand.Accept;
import dev.leasehold.deploy.lease.LeaseCommand.Close;
import dev.leasehold.deploy.lease.LeaseCommand.FindOffer;
import dev.leasehold.deploy.lease.LeaseCommand.Look;
import dev.leasehold.deploy.lease.LeaseEvent.LoadFailed;
import dev.leasehold.deploy.lease.LeaseEvent.Looked;
import dev.leasehold.deploy.lease.LeaseEvent.NoOffer;
import dev.leasehold.deploy.lease.LeaseEvent.Offered;
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
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.MarketView.CloseReason;
import dev.leasehold.deploy.runner.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The turns of a lease that matter, one by one. The default policy; a model without files, which may warm for 2 min.
 */
class LeaseRulesTest {
    private static final LeaseRules RULES = new LeaseRules(LeasePolicy.DEFAULT, 0);
    private static final MarketView ABSENT = new MarketView.Absent();
    private static final MarketView STARTING = new MarketView.Starting("pulling");
    private static final MarketView STARTED = new MarketView.Started("127.0.0.1", 8443);
    private static final MarketView CLOSED = new MarketView.Closed(CloseReason.OWNER, "closed");
    private static final MarketView FAILED =
            new MarketView.Failed("The runner ended with exit code 137.", List.of("first", "out of memory"));

    private static final LeaseState WANTED = new Wanted(Optional.empty(), NOON);
    private static final LeaseState ORDERING = new Ordering(at(15));
    private static final LeaseState ACCEPTING = new Accepting(OFFER, 1, at(15), at(15));
    private static final LeaseState LAUNCHING = new Launching(OFFER, "pulling", at(300), at(1));
    private static final LeaseState WARMING =
            new Warming(OFFER, new Address("127.0.0.1", 8443), loading(0.2), at(120), at(2));
    private static final LeaseState SERVING = new Serving(OFFER, PIN, at(15));
    private static final LeaseState SUSPECT = new Suspect(OFFER, PIN, "refused", at(15), at(2));
    private static final LeaseState DRAINING = new Draining(OFFER, PIN, 0, NOON, at(60), at(2));
    private static final LeaseState CLOSING =
            new Closing(Optional.of(OFFER), new End(Reason.STOPPED, ""), 1, at(5), at(1));
    private static final LeaseState RELEASED = new Released(Optional.of(OFFER), new End(Reason.STOPPED, ""));

    @Test
    void aWantedLeaseAsksForOffersOnceItIsDue() {
        var early = RULES.step(new Wanted(Optional.of("nobody"), at(1)), new Tick(NOON));
        var due = RULES.step(WANTED, new Tick(NOON));

        assertThat(early.commands()).isEmpty();
        assertThat(due).isEqualTo(Step.to(new Ordering(at(15)), new FindOffer()));
    }

    @Test
    void whereNobodyOffersItSaysWhyAndAsksAgainASecondLater() {
        var step = RULES.step(ORDERING, new NoOffer(NOON, "All memory is leased."));

        assertThat(step).isEqualTo(Step.to(new Wanted(Optional.of("All memory is leased."), at(1))));
    }

    @Test
    void anOfferIsTaken() {
        var step = RULES.step(ORDERING, new Offered(NOON, OFFER));

        assertThat(step).isEqualTo(Step.to(ACCEPTING, new Accept(OFFER)));
    }

    @Test
    void anOfferThatComesTwiceIsTakenOnce() {
        var step = RULES.step(ACCEPTING, new Offered(at(1), OFFER));

        assertThat(step).isEqualTo(Step.to(ACCEPTING));
    }

    @Test
    void noSuchLeaseProvesNothingWhileTheCallMayBeUnderWay() {
        var asked = RULES.step(ACCEPTING, new Looked(at(20), at(14), ABSENT));

        assertThat(asked).isEqualTo(Step.to(ACCEPTING));
    }

    @Test
    void anOfferThatWasNotTakenIsTakenAgainButNotForEver() {
        var second = RULES.step(ACCEPTING, new Looked(at(16), at(15), ABSENT));
        var third = RULES.step(new Accepting(OFFER, 3, at(15), at(15)), new Looked(at(16), at(15), ABSENT));

        assertThat(second).isEqualTo(Step.to(new Accepting(OFFER, 2, at(31), at(31)), new Accept(OFFER)));
        assertThat(reason(third)).isEqualTo(Reason.NO_CAPACITY);
        assertThat(third.commands()).containsExactly(new Close());
    }

    @Test
    void aRefusedOfferIsClosedAllTheSame() {
        var step = RULES.step(ACCEPTING, new Refused(at(1), "It has raised its price."));

        assertThat(step.next())
                .isEqualTo(new Closing(
                        Optional.of(OFFER),
                        new End(Reason.NO_CAPACITY, "It has raised its price."),
                        1,
                        at(1),
                        at(1).plusMillis(500)));
        assertThat(step.commands()).containsExactly(new Close());
    }

    @Test
    void whatIsStoppedWhileItIsTakenIsNotBelievedGoneTooEarly() {
        var stopped = RULES.step(ACCEPTING, new StopWanted(at(1))).next();

        var early = RULES.step(stopped, new Looked(at(3), at(2), ABSENT));
        var late = RULES.step(stopped, new Looked(at(16), at(15), ABSENT));

        assertThat(early.next()).isEqualTo(stopped);
        assertThat(late.next()).isInstanceOf(Released.class);
    }

    @Test
    void afterOurAbsenceALeaseThatWasBeingTakenIsLookedAtAtOnce() {
        var step = RULES.step(ACCEPTING, new Resumed(at(60), Duration.ofSeconds(50)));

        assertThat(step).isEqualTo(Step.to(new Accepting(OFFER, 1, at(65), at(65)), new Look()));
    }

    @Test
    void aDeadlineAsksForEvidenceAndIsNone() {
        var tick = RULES.step(LAUNCHING, new Tick(at(400)));
        var evidence = RULES.step(tick.next(), new Looked(at(400), at(400), STARTING));
        var luck = RULES.step(tick.next(), new Looked(at(400), at(400), STARTED));

        assertThat(tick.next()).isInstanceOf(Launching.class);
        assertThat(tick.commands()).containsExactly(new Look());
        assertThat(reason(evidence)).isEqualTo(Reason.LAUNCH_TIMEOUT);
        assertThat(luck.next()).isInstanceOf(Warming.class);
    }

    @Test
    void aRunnerThatComesOnMayTakeLonger() {
        var step = RULES.step(WARMING, new Progressed(at(119), loading(0.3)));

        assertThat(step.next())
                .isInstanceOfSatisfying(
                        Warming.class, warming -> assertThat(warming.giveUpAt()).isEqualTo(at(119 + 120)));
    }

    @Test
    void aRunnerThatStandsStillIsGivenUp() {
        var before = RULES.step(WARMING, new Progressed(at(119), loading(0.2)));
        var after = RULES.step(WARMING, new Progressed(at(120), loading(0.2)));

        assertThat(before.next()).isEqualTo(WARMING);
        assertThat(reason(after)).isEqualTo(Reason.WARM_TIMEOUT);
    }

    @Test
    void aModelThatCannotBeLoadedEndsTheLeaseWithTheRunnersSentence() {
        var step = RULES.step(WARMING, new LoadFailed(at(1), "config.json has no hidden_size."));

        assertThat(end(step)).isEqualTo(new End(Reason.LOAD_FAILED, "config.json has no hidden_size."));
    }

    @Test
    void onlyOurOwnProbeMakesALeaseServe() {
        var said = RULES.step(WARMING, new Looked(at(1), at(1), STARTED));
        var proved = RULES.step(WARMING, new Ready(at(1), PIN, 0));

        assertThat(said.next()).isEqualTo(WARMING);
        assertThat(proved).isEqualTo(Step.to(new Serving(OFFER, PIN, at(16))));
    }

    @Test
    void oneFailedProbeAsksTheMarketAndChangesNothing() {
        var step = RULES.step(SERVING, new Unanswered(at(1), 1, false, "Connection refused."));

        assertThat(step).isEqualTo(Step.to(SERVING, new Look()));
    }

    @Test
    void theThirdFailedProbeInARowTakesItOutOfRotation() {
        var step = RULES.step(SERVING, new Unanswered(at(3), 3, false, "Connection refused."));

        assertThat(step).isEqualTo(Step.to(new Suspect(OFFER, PIN, "Connection refused.", at(18), at(5)), new Look()));
    }

    @Test
    void aSuspectThatAnswersServesAgain() {
        var step = RULES.step(SUSPECT, new Ready(at(4), PIN, 1));

        assertThat(step.next()).isEqualTo(new Serving(OFFER, PIN, at(19)));
    }

    @Test
    void aSuspectIsLostOnlyBySeveralProbesPastItsTime() {
        var early = RULES.step(SUSPECT, new Unanswered(at(14), 17, false, "silence"));
        var few = RULES.step(SUSPECT, new Unanswered(at(20), 2, false, "silence"));
        var enough = RULES.step(SUSPECT, new Unanswered(at(20), 3, false, "silence"));

        assertThat(early.next()).isEqualTo(SUSPECT);
        assertThat(few.next()).isEqualTo(SUSPECT);
        assertThat(reason(enough)).isEqualTo(Reason.LOST);
    }

    @Test
    void whileManyAreSilentItIsUsAndThereIsMorePatience() {
        var us = RULES.step(SUSPECT, new Unanswered(at(20), 9, true, "silence"));
        var notForEver = RULES.step(SUSPECT, new Unanswered(at(15 + 300), 99, true, "silence"));

        assertThat(us.next()).isEqualTo(SUSPECT);
        assertThat(reason(notForEver)).isEqualTo(Reason.LOST);
    }

    @Test
    void aRunnerThatItsMarketCallsEndedIsLeftWithItsLastWords() {
        var suspect = RULES.step(SERVING, new Looked(at(1), at(1), FAILED));
        var closing = RULES.step(suspect.next(), new Looked(at(1), at(1), FAILED));

        assertThat(suspect.next()).isInstanceOf(Suspect.class);
        assertThat(suspect.commands()).containsExactly(new Look());
        assertThat(end(closing))
                .isEqualTo(new End(
                        Reason.RUNNER_FAILED, "The runner ended with exit code 137. Its last words: out of memory"));
    }

    @Test
    void aRunnerThatRestartedHasLostItsModelAndIsReplaced() {
        assertThat(reason(RULES.step(SERVING, new Restarted(at(1))))).isEqualTo(Reason.LOST);
        assertThat(reason(RULES.step(SUSPECT, new Restarted(at(1))))).isEqualTo(Reason.LOST);
    }

    @Test
    void aMarketThatIsSilentAboutItsProviderEndsNothingThatServes() {
        var step = RULES.step(SERVING, new Looked(at(1), at(1), new MarketView.Unreachable(NOON)));

        assertThat(step).isEqualTo(Step.to(SERVING));
    }

    @Test
    void requestsThatRunMayEndBeforeALeaseIsClosed() {
        var draining = RULES.step(SERVING, new StopWanted(NOON)).next();

        var busy = RULES.step(draining, new Ready(at(5), PIN, 2)).next();
        var quiet = RULES.step(busy, new Ready(at(6), PIN, 0)).next();
        var stillQuiet = RULES.step(quiet, new Ready(at(7), PIN, 0));

        assertThat(draining).isEqualTo(DRAINING);
        assertThat(busy).isEqualTo(DRAINING);
        assertThat(quiet).isInstanceOf(Draining.class);
        assertThat(reason(stillQuiet)).isEqualTo(Reason.STOPPED);
    }

    @Test
    void aRunnerThatIsQuietInTheFirstMomentMayStillGetARequest() {
        var step = RULES.step(DRAINING, new Ready(NOON.plusMillis(299), PIN, 0));

        assertThat(step.next()).isEqualTo(DRAINING);
    }

    @Test
    void requestsThatNeverEndAreCutOffAfterAMinute() {
        var step = RULES.step(DRAINING, new Tick(at(60)));

        assertThat(reason(step)).isEqualTo(Reason.STOPPED);
    }

    @Test
    void nothingButTheWordOfItsMarketReleasesALease() {
        var events = List.of(
                new Looked(at(9), at(4), ABSENT),
                new Looked(at(9), at(9), STARTING),
                new Looked(at(9), at(9), STARTED),
                new Looked(at(9), at(9), FAILED),
                new Looked(at(9), at(9), new MarketView.Unreachable(NOON)),
                new Tick(at(9_000)),
                new Resumed(at(9_000), Duration.ofHours(2)),
                new StopWanted(at(9)),
                new Restarted(at(9)),
                new Unanswered(at(9_000), 9_000, false, "silence"));

        assertThat(events)
                .allSatisfy(
                        event -> assertThat(RULES.step(CLOSING, event).next()).isInstanceOf(Closing.class));
        assertThat(RULES.step(CLOSING, new Looked(at(9), at(5), ABSENT)).next()).isEqualTo(RELEASED);
        assertThat(RULES.step(CLOSING, new Looked(at(9), at(5), CLOSED)).next()).isEqualTo(RELEASED);
    }

    @Test
    void aMarketIsToldToCloseAgainAndAgainAtLastEveryHalfMinute() {
        var state = CLOSING;
        var waits = new ArrayList<Duration>();
        for (int times = 0; times < 8; times++) {
            var due = ((Closing) state).deadline();
            var step = RULES.step(state, new Tick(due));
            assertThat(step.commands()).containsExactly(new Close());
            state = step.next();
            waits.add(Duration.between(due, ((Closing) state).deadline()));
        }

        assertThat(waits)
                .extracting(Duration::toMillis)
                .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
    }

    @Test
    void aReleasedLeaseThatTurnsUpIsClosedAndStaysReleased() {
        var step = RULES.step(RELEASED, new TurnedUp(at(9)));

        assertThat(step).isEqualTo(Step.to(RELEASED, new Close()));
    }

    @Test
    void theTimeThatWeWereAwayCountsForNothing() {
        var away = new Resumed(at(1_000), Duration.ofMinutes(15));

        var suspect = RULES.step(SUSPECT, away);
        var silence = RULES.step(suspect.next(), new Unanswered(at(1_003), 3, false, "silence"));

        assertThat(suspect).isEqualTo(Step.to(new Suspect(OFFER, PIN, "refused", at(915), at(902)), new Look()));
        assertThat(reason(silence)).isEqualTo(Reason.LOST);
        assertThat(RULES.step(LAUNCHING, away).next()).isEqualTo(new Launching(OFFER, "pulling", at(1_200), at(901)));
    }

    private static Progress loading(double fraction) {
        return new Progress(Progress.Stage.LOADING, fraction);
    }

    private static Instant at(long seconds) {
        return NOON.plusSeconds(seconds);
    }

    private static End end(Step step) {
        assertThat(step.next()).isInstanceOf(Closing.class);
        return ((Closing) step.next()).end();
    }

    private static Reason reason(Step step) {
        return end(step).reason();
    }
}
