package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.MarketView.CloseReason;
import dev.leasehold.deploy.market.fleet.FleetLease.Closing;
import dev.leasehold.deploy.market.fleet.FleetLease.Observed;
import dev.leasehold.deploy.market.fleet.FleetLease.Sight;
import dev.leasehold.deploy.market.fleet.FleetLease.Wanted;
import dev.leasehold.deploy.market.fleet.FleetLease.Wish;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What the fleet's ledger says, and when it changes. */
final class FleetRules {
    /** An agent that was not heard from for longer offers nothing, and its leases are unreachable. */
    static final Duration LIVE_MAX = Duration.ofSeconds(10);

    /** A lease that shall end is closed when its agent was silent for so long. */
    static final Duration SILENCE_CLOSES = Duration.ofSeconds(15);

    /** So long after its last word an agent keeps its name for itself. */
    static final Duration NAME_KEPT = Duration.ofSeconds(30);

    /** A runner takes its memory bit by bit; until then the host still shows it as available. */
    static final Duration MEMORY_TAKEN_AFTER = Duration.ofSeconds(60);

    private static final long RESERVE_BYTES_MIN = 512L << 20;
    private static final int RESERVE_SHARE = 20;
    private static final int THREAD_SHARE = 2;
    private static final BigDecimal HOUR_MILLIS =
            BigDecimal.valueOf(Duration.ofHours(1).toMillis());
    private static final int USD_DECIMALS = 6;

    private FleetRules() {}

    static boolean isLive(FleetAgent agent, Instant now) {
        return !agent.left() && !agent.heardAt().plus(LIVE_MAX).isBefore(now);
    }

    /** Memory that can still be leased on a host, given its open leases; may be negative. */
    static long freeBytes(FleetAgent agent, Collection<FleetLease> open, Instant now) {
        var total = agent.host().memoryBytes();
        var reserve = Math.max(RESERVE_BYTES_MIN, total / RESERVE_SHARE);
        long leased = 0;
        long untouched = 0;
        for (var lease : open) {
            if (!lease.sight().observed().ended()) {
                leased += lease.terms().memoryBytes();
                untouched += takesMemoryYet(lease, now) ? lease.terms().memoryBytes() : 0;
            }
        }
        return Math.min(total - reserve - leased, agent.memoryAvailableBytes() - untouched);
    }

    private static boolean takesMemoryYet(FleetLease lease, Instant now) {
        return lease.openedAt().plus(MEMORY_TAKEN_AFTER).isAfter(now);
    }

    /** Threads for one runner: a host is shared by several. */
    static int threads(FleetHost host) {
        return Math.max(1, host.cores() / THREAD_SHARE);
    }

    /** @param listeningSince since when an agent could have been heard: our own absence is not its silence */
    static MarketView view(FleetLease lease, FleetAgent agent, Instant listeningSince, Instant now) {
        if (lease.closing().isPresent()) {
            var closing = lease.closing().get();
            return new MarketView.Closed(closing.reason(), closing.detail());
        }
        var sight = lease.sight();
        return switch (sight.observed()) {
            case EXITED -> new MarketView.Failed(exitSentence(sight), sight.logTail());
            case GONE -> new MarketView.Failed("Agent " + agent.name() + " no longer has the runner.", List.of());
            case NONE, STARTING, RUNNING, STOPPING ->
                silentSince(agent, listeningSince).plus(LIVE_MAX).isBefore(now)
                        ? new MarketView.Unreachable(agent.heardAt())
                        : alive(sight, agent);
        };
    }

    private static MarketView alive(Sight sight, FleetAgent agent) {
        if (sight.host().isPresent() && sight.port().isPresent()) {
            return new MarketView.Started(sight.host().get(), sight.port().get());
        }
        return new MarketView.Starting(
                sight.observed() == Observed.NONE
                        ? "Agent " + agent.name() + " is told to start the runner."
                        : "Agent " + agent.name() + " has started the runner.");
    }

    private static String exitSentence(Sight sight) {
        return sight.exitCode()
                .map(code -> "The runner ended with exit code " + code + ".")
                .orElse("The runner ended.");
    }

    /**
     * What a heartbeat says of a lease. One that does not mention it means something only if it was written by an agent
     * that knew what is wanted now.
     *
     * @param knownRevision up to where the agent knew the market's wishes
     */
    static FleetLease observe(FleetLease lease, Optional<Sight> report, long knownRevision, Instant now) {
        if (!lease.isOpen()) {
            return lease;
        }
        if (report.isPresent()) {
            return reported(lease, report.get(), now);
        }
        return knownRevision >= lease.wish().revision() ? unmentioned(lease, now) : lease;
    }

    private static FleetLease reported(FleetLease lease, Sight report, Instant now) {
        if (report.observed().compareTo(lease.sight().observed()) < 0) {
            return lease;
        }
        var seen = lease.with(merged(lease.sight(), report));
        if (report.observed() != Observed.EXITED) {
            return seen;
        }
        var ended = seen.billedUntil(now);
        return lease.wish().wanted() == Wanted.CLOSED ? ended.closed(asWished(now)) : ended;
    }

    private static Sight merged(Sight known, Sight report) {
        return new Sight(
                report.observed(),
                report.host().or(known::host),
                report.port().or(known::port),
                report.exitCode().or(known::exitCode),
                report.logTail().isEmpty() ? known.logTail() : report.logTail());
    }

    private static FleetLease unmentioned(FleetLease lease, Instant now) {
        if (lease.wish().wanted() == Wanted.CLOSED) {
            return lease.billedUntil(now).closed(asWished(now));
        }
        return switch (lease.sight().observed()) {
            case NONE, EXITED, GONE -> lease;
            case STARTING, RUNNING, STOPPING ->
                lease.with(lease.sight().as(Observed.GONE)).billedUntil(now);
        };
    }

    /** A lease that somebody wants to end: at once if its runner has ended, else when its agent says so. */
    static FleetLease close(FleetLease lease, long revision, Instant now) {
        if (!lease.isOpen() || lease.wish().wanted() == Wanted.CLOSED) {
            return lease;
        }
        if (lease.sight().observed().ended()) {
            return lease.closed(asWished(now));
        }
        return lease.with(new Wish(Wanted.CLOSED, revision));
    }

    /** Closes what shall end on a host that went silent. */
    static FleetLease settle(FleetLease lease, FleetAgent agent, Instant listeningSince, Instant now) {
        if (!lease.isOpen() || lease.wish().wanted() != Wanted.CLOSED) {
            return lease;
        }
        if (silentSince(agent, listeningSince).plus(SILENCE_CLOSES).isAfter(now)) {
            return lease;
        }
        var how = new Closing(now, CloseReason.SUPPLIER_UNSTABLE, "Agent " + agent.name() + " went silent.");
        return lease.billedUntil(agent.heardAt()).closed(how);
    }

    private static Instant silentSince(FleetAgent agent, Instant listeningSince) {
        return agent.heardAt().isAfter(listeningSince) ? agent.heardAt() : listeningSince;
    }

    static FleetLease left(FleetLease lease, Instant now) {
        return lease.isOpen()
                ? lease.billedUntil(now).closed(new Closing(now, CloseReason.OWNER, "The agent left."))
                : lease;
    }

    private static Closing asWished(Instant now) {
        return new Closing(now, CloseReason.OWNER, "Closed as wished.");
    }

    /** What a lease has cost so far, in US dollars: never past its agent's last heartbeat. */
    static BigDecimal costUsd(FleetLease lease, FleetAgent agent) {
        var end = lease.billedUntil(agent.heardAt()).billedUntil().orElse(lease.openedAt());
        var millis = BigDecimal.valueOf(Duration.between(lease.openedAt(), end).toMillis());
        return lease.terms().priceUsdPerHour().multiply(millis).divide(HOUR_MILLIS, USD_DECIMALS, RoundingMode.HALF_UP);
    }
}
