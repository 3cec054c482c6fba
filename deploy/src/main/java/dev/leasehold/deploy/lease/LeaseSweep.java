package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseEvent.TurnedUp;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Market;
import dev.leasehold.deploy.market.MarketException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the markets bill with what we know. A lease that was released is closed again; one that we do not know
 * only after it was there for a while, and few of them an hour: it may be somebody's mistake with our name.
 */
public final class LeaseSweep {
    static final Duration UNKNOWN_FOR = Duration.ofMinutes(10);
    static final int UNKNOWN_CLOSED_AN_HOUR = 10;

    private static final Logger log = LoggerFactory.getLogger(LeaseSweep.class);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration KEPT = Duration.ofDays(7);

    private final List<Market> markets;
    private final LeaseRepository leases;
    private final LeaseOperations operations;
    private final Clock clock;
    private final Map<LeaseId, Instant> unknownSince = new HashMap<>();
    private final Deque<Instant> unknownClosed = new ArrayDeque<>();

    LeaseSweep(List<Market> markets, LeaseRepository leases, LeaseOperations operations, Clock clock) {
        this.markets = List.copyOf(markets);
        this.leases = leases;
        this.operations = operations;
        this.clock = clock;
    }

    /** Sweeps once, and forgets what is long over. */
    public void sweep() {
        var seen = new HashSet<LeaseId>();
        boolean complete = true;
        for (var market : markets) {
            try {
                for (var id : market.listOwned()) {
                    seen.add(id);
                    compare(market, id);
                }
            } catch (MarketException e) {
                complete = false;
                log.debug("The market {} was not swept: {}", market.name(), e.getMessage());
            }
        }
        if (complete) {
            unknownSince.keySet().retainAll(seen);
        }
        leases.forget(clock.instant(), KEPT);
    }

    private void compare(Market market, LeaseId id) {
        var known = leases.find(id);
        if (known.isEmpty()) {
            unknown(market, id);
        } else if (known.get().state() instanceof Released released) {
            var step = new LeaseRules(LeasePolicy.DEFAULT, 0).step(released, new TurnedUp(clock.instant()));
            step.commands().forEach(_ -> {
                log.warn("Lease {} was released and still bills at {}; it is closed again.", id, market.name());
                close(market, id);
            });
        }
    }

    private void unknown(Market market, LeaseId id) {
        var now = clock.instant();
        var since = unknownSince.computeIfAbsent(id, _ -> {
            log.warn("The market {} bills lease {}, which we do not know.", market.name(), id);
            return now;
        });
        while (!unknownClosed.isEmpty() && unknownClosed.peek().isBefore(now.minus(HOUR))) {
            unknownClosed.remove();
        }
        if (Duration.between(since, now).compareTo(UNKNOWN_FOR) < 0) {
            return;
        }
        if (unknownClosed.size() >= UNKNOWN_CLOSED_AN_HOUR) {
            log.error("Lease {} at {} is unknown and bills, and too many such were closed lately.", id, market.name());
            return;
        }
        log.warn("Lease {} at {} is unknown for {}; it is closed.", id, market.name(), UNKNOWN_FOR);
        unknownClosed.add(now);
        close(market, id);
    }

    /** One that cannot be closed is met again by the next sweep, and keeps no other open. */
    private void close(Market market, LeaseId id) {
        try {
            operations.record(id, "close", market.name() + " (sweep)", () -> {
                market.close(id);
                return id;
            });
        } catch (MarketException e) {
            log.warn("Lease {} bills at {} and was not closed: {}", id, market.name(), e.getMessage());
        }
    }
}
