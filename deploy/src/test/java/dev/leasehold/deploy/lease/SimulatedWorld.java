package dev.leasehold.deploy.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.lease.LeaseCommand.Accept;
import dev.leasehold.deploy.lease.LeaseCommand.Close;
import dev.leasehold.deploy.lease.LeaseCommand.FindOffer;
import dev.leasehold.deploy.lease.LeaseCommand.Look;
import dev.leasehold.deploy.lease.LeaseEvent.Looked;
import dev.leasehold.deploy.lease.LeaseEvent.NoOffer;
import dev.leasehold.deploy.lease.LeaseEvent.Offered;
import dev.leasehold.deploy.lease.LeaseEvent.Progressed;
import dev.leasehold.deploy.lease.LeaseEvent.Ready;
import dev.leasehold.deploy.lease.LeaseEvent.Refused;
import dev.leasehold.deploy.lease.LeaseEvent.Resumed;
import dev.leasehold.deploy.lease.LeaseEvent.StopWanted;
import dev.leasehold.deploy.lease.LeaseEvent.Tick;
import dev.leasehold.deploy.lease.LeaseEvent.TurnedUp;
import dev.leasehold.deploy.lease.LeaseEvent.Unanswered;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.Live;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One lease on a bad market, on virtual time. The same seed gives the same run.
 *
 * <p>Until {@link #heal}, calls and answers are delayed, reordered, repeated and lost, runners die, providers fall
 * silent, and we ourselves die between storing a state and acting on it, or are away for minutes.
 */
final class SimulatedWorld {
    /** What may go wrong. */
    enum Faults {
        ALL,
        /** The market and the runner are well; only we are away now and then. */
        OUR_ABSENCES
    }

    private record Due(Instant at, long order, long life, Runnable action) {}

    private static final LeasePolicy POLICY = LeasePolicy.DEFAULT;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long OF_THE_WORLD = -1;

    private final PriorityQueue<Due> agenda =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::order));
    private final LeaseRules rules = new LeaseRules(POLICY, 10_000_000);
    private final SimulatedMarket market = new SimulatedMarket();
    private final SplittableRandom random;
    private final Faults faults;
    private final double lossRate;
    private final Duration answerMax;
    private boolean faulty = true;
    private boolean stopped;
    private boolean away;
    private Instant now = Instant.EPOCH;
    private long orders;
    private long life;
    private int unanswered;
    private Instant hungUntil = Instant.EPOCH;
    private Instant probesFailUntil = Instant.EPOCH;
    private LeaseState state;

    SimulatedWorld(long seed, Faults faults) {
        this.random = new SplittableRandom(seed);
        this.faults = faults;
        this.lossRate = random.nextDouble(0.3);
        this.answerMax = Duration.ofMillis(random.nextLong(1, 40_000));
        this.state = new Wanted(Optional.empty(), now);
        live();
        every(SECOND, OF_THE_WORLD, this::marketGoesOn);
        every(Duration.ofMinutes(1), OF_THE_WORLD, this::perhapsGoAway);
        every(Duration.ofMinutes(1), OF_THE_WORLD, this::perhapsHang);
    }

    /** One life of our own process. What it had in memory dies with it. */
    private void live() {
        every(Duration.ofMillis(250), life, () -> tell(new Tick(now)));
        every(SECOND, life, this::probe);
        every(Duration.ofMinutes(1), life, this::sweep);
        every(SECOND, life, () -> {
            if (stopped) {
                tell(new StopWanted(now));
            }
        });
    }

    private void perhapsGoAway() {
        if (faulty && !away && random.nextDouble() < 0.1) {
            away = true;
            life++;
            unanswered = 0;
            var gap = Duration.ofMillis(random.nextLong(1, 600_000));
            after(gap, life, () -> {
                away = false;
                tell(new Resumed(now, gap));
                probesFailUntil = now.plusMillis(2_500);
                live();
            });
        }
    }

    /** We tick, but our probes do not get out. */
    private void perhapsHang() {
        if (faulty && random.nextDouble() < 0.1) {
            hungUntil = now.plus(within(Duration.ofSeconds(50)));
        }
    }

    private void tell(LeaseEvent event) {
        var before = state;
        var step = rules.step(before, event);
        state = step.next();
        assertThat(before instanceof Released && !(state instanceof Released))
                .as("a released lease came back on %s", event)
                .isFalse();
        assertThat(event instanceof Tick
                        && state instanceof Live live
                        && !live.deadline().isAfter(now))
                .as("%s outlived its deadline", state)
                .isFalse();
        if (state instanceof Released && !(before instanceof Released)) {
            assertThat(market.billed()).as("capacities billed after %s", event).isZero();
        }
        // Here our process may die: the state is stored, and nothing of this is done.
        if (!faulty || faults == Faults.OUR_ABSENCES || random.nextDouble() >= lossRate) {
            step.commands().forEach(this::carryOut);
        }
    }

    /** A call reaches the market before its deadline, or never; then its answer is on its way. */
    private void carryOut(LeaseCommand command) {
        switch (command) {
            case FindOffer _ -> answer(chance(0.2) ? new NoOffer(now, "nobody") : new Offered(now, LeaseSamples.OFFER));
            case Accept _ -> call(this::accept);
            case Look _ -> call(this::look);
            case Close _ ->
                call(() -> {
                    market.close();
                    look();
                });
        }
    }

    private void call(Runnable action) {
        var callMax = POLICY.acceptMax().minusSeconds(1);
        if (!chance(lossRate)) {
            after(within(isBad() ? callMax : SECOND), OF_THE_WORLD, action);
        }
    }

    private void accept() {
        if (chance(0.1)) {
            answer(new Refused(now, "It is gone."));
            return;
        }
        assertThat(state).as("the state when an offer is taken").isNotInstanceOf(Released.class);
        market.accept();
        look();
    }

    private void look() {
        if (!chance(0.1)) {
            answer(new Looked(now, now, market.look()));
        }
    }

    private void answer(LeaseEvent answer) {
        for (int copies = chance(0.1) ? 2 : 1; copies > 0; copies--) {
            after(within(isBad() ? answerMax : SECOND), life, () -> tell(arriving(answer)));
        }
    }

    private LeaseEvent arriving(LeaseEvent answer) {
        return switch (answer) {
            case Offered offered -> new Offered(now, offered.offer());
            case NoOffer none -> new NoOffer(now, none.why());
            case Refused refused -> new Refused(now, refused.why());
            case Looked looked -> new Looked(now, looked.askedAt(), looked.view());
            default -> throw new IllegalArgumentException(answer.toString());
        };
    }

    private void probe() {
        if (now.isBefore(hungUntil)) {
            return;
        }
        boolean watched = state instanceof Warming
                || state instanceof Serving
                || state instanceof Suspect
                || state instanceof Draining;
        if (!watched) {
            unanswered = 0;
            return;
        }
        if (!market.runnerAnswers() || now.isBefore(probesFailUntil) || chance(0.05)) {
            unanswered++;
            tell(new Unanswered(now, unanswered, false, "Connection refused."));
            return;
        }
        unanswered = 0;
        double loaded = market.load();
        tell(
                loaded < 1
                        ? new Progressed(now, new Progress(Progress.Stage.LOADING, loaded))
                        : new Ready(now, LeaseSamples.PIN, chance(0.3) ? 1 : 0));
    }

    private void marketGoesOn() {
        if (random.nextDouble() < 0.2) {
            market.start();
        }
        if (chance(0.002)) {
            market.kill();
        }
        if (chance(0.001)) {
            market.cutOff();
        }
        if (chance(0.001)) {
            market.evict();
        }
        if (state instanceof Released && chance(0.005)) {
            market.haunt();
        }
        market.silence(isBad() && random.nextDouble() < 0.95 && (market.isSilent() || chance(0.005)), now);
        assertThat(market.billedMost()).as("capacities billed at a time").isLessThanOrEqualTo(1);
    }

    private void sweep() {
        if (market.billed() > 0) {
            tell(new TurnedUp(now));
        }
    }

    void runFor(Duration length) {
        var end = now.plus(length);
        for (var due = agenda.peek(); due != null && !due.at().isAfter(end); due = agenda.peek()) {
            agenda.remove();
            now = due.at();
            if (due.life() == OF_THE_WORLD || due.life() == life) {
                due.action().run();
            }
        }
        now = end;
    }

    Duration within(Duration length) {
        return Duration.ofMillis(random.nextLong(length.toMillis()));
    }

    void stop() {
        stopped = true;
    }

    void heal() {
        faulty = false;
    }

    LeaseState state() {
        return state;
    }

    SimulatedMarket market() {
        return market;
    }

    private boolean isBad() {
        return faulty && faults == Faults.ALL;
    }

    private boolean chance(double rate) {
        return isBad() && random.nextDouble() < rate;
    }

    private void every(Duration period, long inLife, Runnable action) {
        after(period, inLife, () -> {
            action.run();
            every(period, inLife, action);
        });
    }

    private void after(Duration delay, long inLife, Runnable action) {
        agenda.add(new Due(now.plus(delay), orders++, inLife, action));
    }
}
