package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.deploy.market.fleet.FleetLease.Observed;
import dev.leasehold.deploy.market.fleet.FleetLease.Sight;
import dev.leasehold.deploy.market.fleet.FleetLease.Wanted;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.transaction.support.TransactionOperations;

/** Where agents register, report and are told what to run. */
final class AgentDesk {
    static final int AGENTS_MAX = 1_000;

    private static final int PROTOCOL = 1;
    private static final Duration HEARTBEAT_EVERY = Duration.ofSeconds(2);
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    /** Another process may have changed the wishes: so often we look. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final Duration COUNTED = Duration.ofMinutes(10);

    private final FleetRepository repository;
    private final TransactionOperations transactions;
    private final HeldHeartbeats held;
    private final FleetLogs logs;
    private final LeaseSecrets secrets;
    private final Clock clock;
    private final ConcurrentMap<UUID, List<LeaseId>> logsTold = new ConcurrentHashMap<>();

    AgentDesk(FleetStore store, HeldHeartbeats held, FleetLogs logs, LeaseSecrets secrets, Clock clock) {
        this.repository = store.repository();
        this.transactions = store.transactions();
        this.held = held;
        this.logs = logs;
        this.secrets = secrets;
        this.clock = clock;
    }

    AgentWire.Registered register(AgentWire.Register message) {
        requireProtocol(message.protocol());
        var agent = AgentChecks.agent(message, clock.instant());
        var installation = transactions.execute(_ -> {
            repository.lockRegistration();
            requirePlace(agent);
            repository.saveAgent(agent);
            repository.wakeLeaseWorker();
            return repository.installation();
        });
        return new AgentWire.Registered(installation, HEARTBEAT_EVERY.toMillis());
    }

    private static void requireProtocol(int protocol) {
        if (protocol != PROTOCOL) {
            throw Refusal.of(
                    426,
                    protocol < PROTOCOL ? "protocol_too_old" : "protocol_too_new",
                    "This gateway speaks version " + PROTOCOL + " of the agent protocol, the agent speaks version "
                            + protocol + ". Use an agent of the gateway's release.");
        }
    }

    private void requirePlace(FleetAgent agent) {
        var now = agent.heardAt();
        var others = repository.agentsHeardSince(now.minus(COUNTED)).stream()
                .filter(other -> !other.id().equals(agent.id()))
                .toList();
        if (others.size() >= AGENTS_MAX) {
            throw Refusal.tooMany("This gateway takes at most " + AGENTS_MAX + " agents.");
        }
        var taken = others.stream()
                .filter(other -> other.name().equals(agent.name()))
                .anyMatch(other -> other.heardAt().plus(FleetRules.NAME_KEPT).isAfter(now));
        if (taken) {
            throw Refusal.of(
                    409,
                    "name_taken",
                    "Another agent is called " + agent.name() + ". Give this one another name, or wait until that one"
                            + " was silent for " + FleetRules.NAME_KEPT.toSeconds() + " s.");
        }
    }

    /** Notes what the agent reports, and answers what it shall run: once that changes, or the wait is over. */
    AgentWire.Wishes heartbeat(AgentWire.Heartbeat beat) throws InterruptedException {
        var agent = AgentChecks.required("agent", beat.agent());
        var reports = AgentChecks.reports(beat.leases());
        var wait = Duration.ofMillis(Math.clamp(beat.waitMs(), 0, WAIT_MAX.toMillis()));
        try (var waiting = held.take(agent)) {
            observe(agent, beat, reports);
            var end = clock.instant().plus(wait);
            while (true) {
                var wishes = wishes(agent);
                var remaining = Duration.between(clock.instant(), end);
                if (isNews(agent, beat, wishes) || waiting.isSuperseded() || !remaining.isPositive()) {
                    return wishes;
                }
                waiting.await(remaining.compareTo(LOOK_EVERY) < 0 ? remaining : LOOK_EVERY);
            }
        }
    }

    private void observe(UUID id, AgentWire.Heartbeat beat, Map<LeaseId, Sight> reports) {
        transactions.executeWithoutResult(_ -> {
            var agent = lockKnown(id, AgentChecks.required("boot", beat.boot()));
            var now = clock.instant();
            repository.heard(agent.id(), AgentChecks.bytes("memory_available_bytes", beat.memoryAvailableBytes()), now);
            if (!FleetRules.isLive(agent, now)) {
                repository.wakeLeaseWorker();
            }
            for (var lease : repository.openLeases(agent.id())) {
                var report = Optional.ofNullable(reports.get(lease.id()));
                var next = FleetRules.observe(lease, report, beat.revision(), now);
                if (!next.equals(lease)) {
                    repository.save(next);
                }
            }
        });
    }

    /** What this agent shall run. The revision is read first: a wish that comes in between is told again. */
    private AgentWire.Wishes wishes(UUID id) {
        var agent = repository.agent(id).filter(known -> !known.left()).orElseThrow(AgentDesk::unknown);
        var open = repository.openLeases(id);
        var orders = open.stream()
                .filter(lease -> lease.wish().wanted() == Wanted.RUN)
                .filter(lease -> lease.sight().observed() != Observed.GONE)
                .map(this::order)
                .toList();
        var read = logs.readAmong(open.stream().map(FleetLease::id).toList());
        return new AgentWire.Wishes(
                repository.installation(),
                agent.revision(),
                orders,
                read.stream().map(LeaseId::value).toList());
    }

    private AgentWire.LeaseOrder order(FleetLease lease) {
        var terms = lease.terms();
        return new AgentWire.LeaseOrder(
                lease.id().value(), secrets.secretOf(lease.id()), "leasehold", terms.memoryBytes(), terms.threads());
    }

    private boolean isNews(UUID agent, AgentWire.Heartbeat beat, AgentWire.Wishes wishes) {
        var read = wishes.logs().stream().map(LeaseId::new).toList();
        var told = logsTold.put(agent, read);
        return wishes.revision() != beat.revision() || !read.equals(told == null ? List.of() : told);
    }

    /** The agent has ended its runners and goes. */
    void leave(AgentWire.Leave message) {
        var id = AgentChecks.required("agent", message.agent());
        var boot = AgentChecks.required("boot", message.boot());
        transactions.executeWithoutResult(_ -> {
            var agent = lockKnown(id, boot);
            var now = clock.instant();
            repository.heard(id, agent.memoryAvailableBytes(), now);
            repository.left(id, now);
            repository.openLeases(id).forEach(lease -> repository.save(FleetRules.left(lease, now)));
        });
        logsTold.remove(id);
        held.wake(id);
    }

    private FleetAgent lockKnown(UUID id, UUID boot) {
        var agent = repository.lockAgent(id).filter(known -> !known.left()).orElseThrow(AgentDesk::unknown);
        if (!agent.boot().equals(boot)) {
            throw Refusal.of(409, "superseded", "This agent was started again; the newer one has taken over.");
        }
        return agent;
    }

    private static Refusal unknown() {
        return Refusal.of(404, "unknown_agent", "This agent is not registered.");
    }
}
