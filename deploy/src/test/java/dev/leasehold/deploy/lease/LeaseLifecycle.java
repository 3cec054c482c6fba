package dev.leasehold.deploy.lease;

import static dev.leasehold.deploy.lease.LeaseSamples.NOON;
import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;
import static dev.leasehold.deploy.lease.LeaseSamples.PIN;

import dev.leasehold.deploy.WrittenPage;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes docs/lifecycle-lease.md: asks the rules what every event does in every state. */
final class LeaseLifecycle {
    /** A state as an example, and what it means. Each is due in 10 s, and gives up in 100 s if it does. */
    record Shown(LeaseState state, String meaning) {}

    /**
     * An event as an example, in words.
     *
     * @param variant whether it is shown only where it does something else than the one before it
     */
    record Case(String words, LeaseEvent event, boolean variant) {
        Case(String words, LeaseEvent event) {
            this(words, event, false);
        }
    }

    private static final String SAYS = "the market says: ";

    private static final String NOTHING = "stays | ";
    private static final Instant EARLY = NOON.plusSeconds(1);
    private static final Instant DUE = NOON.plusSeconds(10);
    private static final Instant GIVE_UP = NOON.plusSeconds(100);
    private static final LeaseRules RULES = new LeaseRules(LeasePolicy.DEFAULT, 0);
    private static final Progress HALF = new Progress(Progress.Stage.LOADING, 0.5);

    static final List<Shown> STATES = List.of(
            new Shown(new Wanted(Optional.empty(), DUE), "Nothing was asked of any market, or nobody has an offer."),
            new Shown(new Ordering(DUE), "The markets are asked for offers."),
            new Shown(
                    new Accepting(OFFER, 1, DUE, DUE),
                    "An offer is being taken. From here on a market may bill: every way out leads through `Closing`."),
            new Shown(
                    new Launching(OFFER, "pulling", GIVE_UP, DUE),
                    "It is ours and bills; the runner has no address yet."),
            new Shown(
                    new Warming(OFFER, new Address("127.0.0.1", 8443), HALF, GIVE_UP, DUE),
                    "The runner has an address: it is challenged, given its files, and loads them."),
            new Shown(
                    new Serving(OFFER, PIN, DUE),
                    "Our probe found the model ready. Only here requests are routed to it."),
            new Shown(
                    new Suspect(OFFER, PIN, "refused", GIVE_UP, DUE),
                    "Out of rotation until it answers again or is known to be lost."),
            new Shown(
                    new Draining(OFFER, PIN, 1, NOON, GIVE_UP, DUE),
                    "It gets no more requests; those that run may end."),
            new Shown(
                    new Closing(Optional.of(OFFER), new End(Reason.STOPPED, ""), 1, NOON.plusSeconds(5), DUE),
                    "The market is told to close it, again and again, until it says that nothing bills."),
            new Shown(new Released(Optional.of(OFFER), new End(Reason.STOPPED, "")), "The market said so. The end."));

    static final List<Case> CASES = List.of(
            new Case("its deadline is past", new Tick(DUE)),
            variant("its time to give up is past", new Tick(GIVE_UP)),
            new Case("we were away", new Resumed(EARLY, Duration.ofMinutes(1))),
            new Case("an offer was found", new Offered(EARLY, OFFER)),
            new Case("nobody offers what is wanted", new NoOffer(EARLY, "nobody")),
            new Case("the market refuses the offer", new Refused(EARLY, "gone")),
            new Case(SAYS + "no such lease", new Looked(DUE, DUE, new MarketView.Absent())),
            variant(
                    SAYS + "no such lease, while our call may be under way",
                    new Looked(EARLY, EARLY, new MarketView.Absent())),
            new Case(SAYS + "it bills, no address yet", new Looked(DUE, DUE, new MarketView.Starting("created"))),
            variant(
                    SAYS + "no address yet, past the time to give up",
                    new Looked(GIVE_UP, DUE, new MarketView.Starting("created"))),
            new Case(SAYS + "the runner is up", new Looked(DUE, DUE, new MarketView.Started("127.0.0.1", 8443))),
            new Case(SAYS + "its provider is silent", new Looked(DUE, DUE, new MarketView.Unreachable(NOON))),
            variant(
                    SAYS + "its provider is silent, past the time to give up",
                    new Looked(GIVE_UP, DUE, new MarketView.Unreachable(NOON))),
            new Case(SAYS + "the runner ended", new Looked(DUE, DUE, new MarketView.Failed("exit code 1", List.of()))),
            new Case(SAYS + "it is closed", new Looked(DUE, DUE, new MarketView.Closed(CloseReason.OWNER, "closed"))),
            new Case("the runner comes on", new Progressed(EARLY, new Progress(Progress.Stage.LOADING, 0.6))),
            new Case("the runner stands still, past the time to give up", new Progressed(GIVE_UP, HALF)),
            new Case("the runner cannot load the model", new LoadFailed(EARLY, "no config.json")),
            new Case("a probe finds it ready", new Ready(EARLY, PIN, 0)),
            variant("a probe finds requests running", new Ready(EARLY, PIN, 1)),
            new Case("a probe finds another boot of the runner", new Restarted(EARLY)),
            new Case("a probe fails", new Unanswered(EARLY, 1, false, "refused")),
            variant("the third probe in a row fails", new Unanswered(EARLY, 3, false, "refused")),
            variant("probes go on failing past the time to give up", new Unanswered(GIVE_UP, 3, false, "refused")),
            variant(
                    "so many other runners are silent too that it must be us",
                    new Unanswered(GIVE_UP, 3, true, "refused")),
            new Case("it shall end", new StopWanted(EARLY)),
            new Case("the sweep finds it billed", new TurnedUp(EARLY)));

    private LeaseLifecycle() {}

    private static Case variant(String words, LeaseEvent event) {
        return new Case(words, event, true);
    }

    static String page() {
        return """
                # The life of a lease

                """ + WrittenPage.origin("LeaseLifecycleTest") + """

                A lease is capacity that is billed until its market says that nothing bills. It is a row in PostgreSQL with a
                state. Whatever happens, be it an answer of a market, a probe of ours, a tick of the clock or a wish of
                the user, is an event; `LeaseRules` is a pure function from state and event to the next state and
                commands. The state is stored first, the commands are carried out after that, and each of them may be
                lost or repeated: so whatever is lost is asked for again at the state's deadline.

                Three sentences explain most of the tables. A deadline asks the market (`Look`) and proves nothing.
                Only our own probes say whether a runner serves. Only the market says that a lease is released.

                | command | asks for |
                |---|---|
                | `FindOffer` | the best offer of all markets |
                | `Accept` | taking it, and the market's word on what came of that |
                | `Look` | the market's word on the lease |
                | `Close` | the end of the lease, and the market's word on that |

                ```mermaid
                stateDiagram-v2
                """ + arrows() + """
                ```
                What a table does not name changes nothing in that state, other than a note of what was heard.
                """
                + STATES.stream().map(LeaseLifecycle::section).collect(Collectors.joining());
    }

    private static String arrows() {
        var arrows = new LinkedHashSet<String>();
        arrows.add("    [*] --> Wanted\n");
        for (var shown : STATES) {
            for (var each : CASES) {
                var next = RULES.step(shown.state(), each.event()).next();
                if (!next.kind().equals(shown.state().kind())) {
                    arrows.add("    " + shown.state().kind() + " --> " + next.kind() + "\n");
                }
            }
        }
        arrows.add("    Released --> [*]\n");
        return String.join("", arrows);
    }

    private static String section(Shown shown) {
        var rows = new LinkedHashMap<String, String>();
        var before = NOTHING;
        for (var each : CASES) {
            var effect = effect(shown.state(), RULES.step(shown.state(), each.event()));
            boolean isShown = each.variant() ? !effect.equals(before) : !effect.equals(NOTHING);
            if (isShown) {
                rows.merge(effect, each.words(), (earlier, more) -> earlier + "<br>" + more);
            }
            before = effect;
        }
        return "\n## " + shown.state().kind() + "\n\n" + shown.meaning()
                + "\n\n| event | next | commands |\n|---|---|---|\n"
                + rows.entrySet().stream()
                        .map(row -> "| " + row.getValue() + " | " + row.getKey() + " |\n")
                        .collect(Collectors.joining());
    }

    /** The last two columns of a row. Deadlines, and what is noted, are left out. */
    private static String effect(LeaseState before, Step step) {
        var commands = step.commands().stream()
                .map(command -> "`" + command.getClass().getSimpleName() + "`")
                .collect(Collectors.joining(", "));
        boolean stays = before.kind().equals(step.next().kind());
        return (stays ? "stays" : "`" + step.next().kind() + "`" + reason(step.next())) + " | " + commands;
    }

    private static String reason(LeaseState next) {
        return next instanceof Closing closing ? " " + closing.end().reason() : "";
    }
}
