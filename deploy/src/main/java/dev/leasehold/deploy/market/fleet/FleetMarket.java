package dev.leasehold.deploy.market.fleet;

import static java.util.stream.Collectors.groupingBy;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Market;
import dev.leasehold.deploy.market.MarketException;
import dev.leasehold.deploy.market.MarketException.Fault;
import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.market.Order;
import dev.leasehold.deploy.market.fleet.FleetLease.Sight;
import dev.leasehold.deploy.market.fleet.FleetLease.Terms;
import dev.leasehold.deploy.market.fleet.FleetLease.Wanted;
import dev.leasehold.deploy.market.fleet.FleetLease.Wish;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** The market of hosts that agents lend to us. Its ledger is in PostgreSQL and bills up to an agent's last word. */
public final class FleetMarket implements Market {
    public static final String NAME = "fleet";

    private static final Duration SHOWN = Duration.ofMinutes(10);

    private final FleetRepository repository;
    private final TransactionOperations transactions;
    private final HeldHeartbeats held;
    private final Clock clock;
    private final Listening listening;

    FleetMarket(FleetStore store, HeldHeartbeats held, Listening listening, Clock clock) {
        this.repository = store.repository();
        this.transactions = store.transactions();
        this.held = held;
        this.listening = listening;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Offer> offers(Order order) {
        return providers().stream()
                .filter(FleetProvider::live)
                .filter(provider -> provider.memoryFreeBytes() >= order.memoryBytes())
                .filter(provider -> isAffordable(provider.priceUsdPerHour(), order))
                .filter(provider -> !order.avoidProviders().contains(provider.name()))
                .map(FleetProvider::offer)
                .toList();
    }

    private static boolean isAffordable(BigDecimal priceUsdPerHour, Order order) {
        return order.priceMaxUsdPerHour()
                .filter(max -> priceUsdPerHour.compareTo(max) > 0)
                .isEmpty();
    }

    @Override
    public void accept(LeaseId id, Order order, Offer offer) {
        var agent = agentOf(offer);
        asking(
                Fault.MAYBE_CREATED,
                () -> transactions.execute(_ -> {
                    if (repository.lease(id).isEmpty()) {
                        open(id, order, offer, agent);
                    }
                    return id;
                }));
        held.wake(agent);
    }

    private static UUID agentOf(Offer offer) {
        try {
            return UUID.fromString(offer.reference());
        } catch (IllegalArgumentException e) {
            throw new MarketException(Fault.INVALID_SPEC, "'" + offer.reference() + "' is no offer of the fleet.", e);
        }
    }

    /** The agent's row is locked: of two that want the last memory, the second sees the first. */
    private void open(LeaseId id, Order order, Offer offer, UUID agentId) {
        var now = clock.instant();
        var agent = repository
                .lockAgent(agentId)
                .filter(known -> FleetRules.isLive(known, now))
                .orElseThrow(() -> gone(offer, "is not there any more"));
        if (FleetRules.freeBytes(agent, repository.openLeases(agentId), now) < order.memoryBytes()) {
            throw gone(offer, "has not enough memory any more");
        }
        if (agent.priceUsdPerHour().compareTo(offer.priceUsdPerHour()) > 0) {
            throw gone(offer, "has raised its price");
        }
        var terms = new Terms(order.memoryBytes(), FleetRules.threads(agent.host()), agent.priceUsdPerHour());
        var wish = new Wish(Wanted.RUN, repository.nextRevision(agentId));
        repository.add(
                new FleetLease(id, agentId, terms, wish, Sight.NOTHING, now, Optional.empty(), Optional.empty()));
    }

    private static MarketException gone(Offer offer, String why) {
        return new MarketException(Fault.OFFER_GONE, "Agent " + offer.provider() + " " + why + ".");
    }

    @Override
    public MarketView look(LeaseId id) {
        return asking(
                Fault.MARKET_UNAVAILABLE,
                () -> change(id, (lease, agent) -> lease)
                        .map(known -> FleetRules.view(known.lease(), known.agent(), listening.since(), clock.instant()))
                        .orElseGet(MarketView.Absent::new));
    }

    @Override
    public void close(LeaseId id) {
        asking(Fault.MARKET_UNAVAILABLE, () -> change(id, this::wishClosed))
                .ifPresent(known -> held.wake(known.agent().id()));
    }

    private FleetLease wishClosed(FleetLease lease, FleetAgent agent) {
        var wanted = lease.isOpen() && lease.wish().wanted() == Wanted.RUN;
        return wanted ? FleetRules.close(lease, repository.nextRevision(agent.id()), clock.instant()) : lease;
    }

    @Override
    public List<LeaseId> listOwned() {
        return asking(
                Fault.MARKET_UNAVAILABLE,
                () -> repository.openLeases().stream()
                        .map(FleetLease::id)
                        .filter(id -> change(id, (lease, agent) -> lease)
                                .filter(known -> known.lease().isOpen())
                                .isPresent())
                        .toList());
    }

    /** The hosts that were heard from lately, and those where something is leased. */
    public List<FleetProvider> providers() {
        return asking(Fault.MARKET_UNAVAILABLE, () -> {
            var now = clock.instant();
            var open = repository.openLeases().stream().collect(groupingBy(FleetLease::agent));
            return repository.agentsHeardSince(now.minus(SHOWN)).stream()
                    .map(agent -> FleetProvider.of(agent, open.getOrDefault(agent.id(), List.of()), now))
                    .toList();
        });
    }

    /** What the ledger bills for a lease. */
    public Optional<FleetBill> bill(LeaseId id) {
        return asking(
                Fault.MARKET_UNAVAILABLE,
                () -> repository
                        .lease(id)
                        .flatMap(lease -> repository.agent(lease.agent()).map(agent -> FleetBill.of(lease, agent))));
    }

    private interface Change {
        FleetLease apply(FleetLease lease, FleetAgent agent);
    }

    private record Known(FleetLease lease, FleetAgent agent) {}

    /** Changes a lease under the lock of its agent, and closes it if its agent's silence says so. */
    private Optional<Known> change(LeaseId id, Change change) {
        return repository
                .lease(id)
                .flatMap(found -> transactions.execute(_ -> repository
                        .lockAgent(found.agent())
                        .flatMap(agent -> repository.lease(id).map(lease -> changed(lease, agent, change)))));
    }

    private Known changed(FleetLease lease, FleetAgent agent, Change change) {
        var next = FleetRules.settle(change.apply(lease, agent), agent, listening.since(), clock.instant());
        if (!next.equals(lease)) {
            repository.save(next);
        }
        return new Known(next, agent);
    }

    private static <T> T asking(Fault fault, Supplier<T> question) {
        try {
            return question.get();
        } catch (DataAccessException | TransactionException e) {
            throw new MarketException(fault, "The fleet's database does not answer.", e);
        }
    }
}
