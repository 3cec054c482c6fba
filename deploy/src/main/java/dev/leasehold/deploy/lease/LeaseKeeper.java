package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseEvent.Resumed;
import dev.leasehold.deploy.lease.LeaseEvent.Tick;
import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Leased;
import dev.leasehold.deploy.lease.LeaseState.Live;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Offer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Keeps one claimed lease: hears its events one by one, steps, stores, and only then acts. Ends when the lease is
 * released or somebody else has written it.
 */
final class LeaseKeeper {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final int EVENTS_MAX = 256;
    private static final Duration TURN_MAX = Duration.ofSeconds(1);
    private static final Duration STORE_AGAIN = Duration.ofMillis(250);

    /** Without a turn for longer than this, we were away. */
    private static final Duration GAP_MIN = Duration.ofSeconds(4);

    private final LeaseId id;
    private final String deployment;
    private final LeaseRules rules;
    private final LeaseClaims claims;
    private final Clock clock;
    private final BlockingQueue<LeaseEvent> events = new ArrayBlockingQueue<>(EVENTS_MAX);
    private final Runnable changed;
    private final LeaseHands hands;
    private final RunnerWatch watch;
    private volatile LeaseState state;
    private volatile boolean ended;
    private long version;
    private boolean resumed;

    /** The last turn in which all that was to be stored was; before the first, when somebody last kept the lease. */
    private Instant wellAt;

    LeaseKeeper(StoredLease lease, LeaseRules rules, LeaseClaims claims, LeaseShop shop, Runnable changed) {
        this.id = lease.id();
        this.deployment = lease.terms().deployment();
        this.rules = rules;
        this.claims = claims;
        this.clock = shop.tools().clock();
        this.changed = changed;
        this.state = lease.state();
        this.version = lease.version();
        this.wellAt = clock.instant().minus(lease.gap());
        this.hands =
                new LeaseHands(shop.turns(), command -> carryOut(shop.calls(), lease.terms(), command), this::tell);
        this.watch = new RunnerWatch(id, lease.terms(), lease.state(), shop.tools(), this::tell);
    }

    /** A call that had to wait is not made for a lease that was let go meanwhile: another may have closed it. */
    private Optional<LeaseEvent> carryOut(MarketCalls calls, LeaseTerms terms, LeaseCommand command) {
        return ended ? Optional.empty() : calls.carryOut(id, terms, offer(), command);
    }

    /** Puts an event into the queue. If that is full it is lost; the rules live with that. */
    void tell(LeaseEvent event) {
        if (!events.offer(event)) {
            log.debug("Lease {} has too many events; {} was dropped.", id, event);
        }
    }

    LeaseId id() {
        return id;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Lets go of the lease, without a word to anybody. */
    void end() {
        ended = true;
    }

    void run() {
        try {
            watch.follow(state);
            turn(Optional.empty());
            while (!ended) {
                turn(Optional.ofNullable(events.poll(untilDeadline().toMillis(), TimeUnit.MILLISECONDS)));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
            watch.follow(new Released(Optional.empty(), new LeaseState.End(LeaseState.Reason.STOPPED, "")));
            changed.run();
        }
    }

    private Duration untilDeadline() {
        if (!(state instanceof Live live)) {
            return TURN_MAX;
        }
        var left = Duration.between(clock.instant(), live.deadline());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        // A millisecond more, since what is left of one is cut off.
        return left.compareTo(TURN_MAX) > 0 ? TURN_MAX : left.plusMillis(1);
    }

    private void turn(Optional<LeaseEvent> event) throws InterruptedException {
        var now = clock.instant();
        try {
            resume(now);
            if (!ended && event.isPresent()) {
                hear(event.get(), now);
            }
            if (!ended && state instanceof Live live && !now.isBefore(live.deadline())) {
                hear(new Tick(now), now);
            }
            wellAt = now;
        } catch (DataAccessException | TransactionException e) {
            log.debug("Lease {} could not be stored; its event is lost.", id, e);
            TimeUnit.MILLISECONDS.sleep(STORE_AGAIN.toMillis());
        }
    }

    /** Repeated until it is stored: the time without a database is an absence too. */
    private void resume(Instant now) {
        var gap = Duration.between(wellAt, now);
        if (resumed && gap.compareTo(GAP_MIN) <= 0) {
            return;
        }
        hear(new Resumed(now, gap), now);
        if (resumed) {
            log.info("Lease {} was left alone for {} s; its deadlines move by that.", id, gap.toSeconds());
        }
        resumed = true;
        wellAt = now;
    }

    private void hear(LeaseEvent event, Instant now) {
        var step = rules.step(state, event);
        if (!step.next().equals(state)) {
            if (isWorthARow(step.next()) && !store(step.next(), now)) {
                log.debug("Somebody else has lease {} now.", id);
                ended = true;
                return;
            }
            become(step.next());
        }
        step.commands().forEach(hands::carryOut);
    }

    private boolean store(LeaseState next, Instant now) {
        boolean stored = claims.save(id, version, next, now);
        version++;
        return stored;
    }

    /** While a lease serves, all that changes is when its market is asked next. */
    private boolean isWorthARow(LeaseState next) {
        return !(state instanceof Serving && next instanceof Serving);
    }

    private void become(LeaseState next) {
        if (!next.kind().equals(state.kind())) {
            log.info("Lease {} for {}: {} -> {}{}", id, deployment, state.kind(), next.kind(), reason(next));
        }
        state = next;
        watch.follow(next);
        ended = ended || next instanceof Released;
    }

    private static String reason(LeaseState next) {
        return switch (next) {
            case Closing closing -> because(closing.end());
            case Accepting accepting -> " from " + accepting.offer().provider();
            case Leased _, Wanted _, Ordering _, Released _ -> "";
        };
    }

    private static String because(LeaseState.End end) {
        return (" (" + end.reason() + ") " + end.detail()).stripTrailing();
    }

    private Optional<Offer> offer() {
        return switch (state) {
            case Leased leased -> Optional.of(leased.offer());
            case Closing closing -> closing.offer();
            case Released released -> released.offer();
            case Wanted _, Ordering _ -> Optional.empty();
        };
    }
}
