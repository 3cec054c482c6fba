package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.MarketView.CloseReason;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A row of the fleet's ledger.
 *
 * @param billedUntil empty while it bills
 */
record FleetLease(
        LeaseId id,
        UUID agent,
        Terms terms,
        Wish wish,
        Sight sight,
        Instant openedAt,
        Optional<Instant> billedUntil,
        Optional<Closing> closing) {

    /** What was agreed. */
    record Terms(long memoryBytes, int threads, BigDecimal priceUsdPerHour) {}

    /** What the market wants, and the agent's revision since which it does. */
    record Wish(Wanted wanted, long revision) {}

    enum Wanted {
        RUN,
        CLOSED
    }

    /** What the agent last said of the runner. */
    record Sight(
            Observed observed,
            Optional<String> host,
            Optional<Integer> port,
            Optional<Integer> exitCode,
            List<String> logTail) {
        static final Sight NOTHING =
                new Sight(Observed.NONE, Optional.empty(), Optional.empty(), Optional.empty(), List.of());

        Sight {
            logTail = List.copyOf(logTail);
        }

        Sight as(Observed next) {
            return new Sight(next, host, port, exitCode, logTail);
        }
    }

    /** In the order in which a runner passes through them; it never goes back. */
    enum Observed {
        NONE,
        STARTING,
        RUNNING,
        STOPPING,
        EXITED,
        /** The agent had it and has it no more, without having said why. */
        GONE;

        boolean ended() {
            return this == EXITED || this == GONE;
        }
    }

    record Closing(Instant at, CloseReason reason, String detail) {}

    boolean isOpen() {
        return closing.isEmpty();
    }

    FleetLease with(Wish next) {
        return new FleetLease(id, agent, terms, next, sight, openedAt, billedUntil, closing);
    }

    FleetLease with(Sight next) {
        return new FleetLease(id, agent, terms, wish, next, openedAt, billedUntil, closing);
    }

    /** What was billed up to an earlier time stays so. */
    FleetLease billedUntil(Instant end) {
        var until = billedUntil.orElse(end.isBefore(openedAt) ? openedAt : end);
        return new FleetLease(id, agent, terms, wish, sight, openedAt, Optional.of(until), closing);
    }

    FleetLease closed(Closing how) {
        var wished = new Wish(Wanted.CLOSED, wish.revision());
        return new FleetLease(id, agent, terms, wished, sight, openedAt, billedUntil, Optional.of(how));
    }
}
