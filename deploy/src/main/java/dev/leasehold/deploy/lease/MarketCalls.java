package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseCommand.Accept;
import dev.leasehold.deploy.lease.LeaseCommand.Close;
import dev.leasehold.deploy.lease.LeaseCommand.FindOffer;
import dev.leasehold.deploy.lease.LeaseCommand.Look;
import dev.leasehold.deploy.lease.LeaseEvent.Looked;
import dev.leasehold.deploy.lease.LeaseEvent.NoOffer;
import dev.leasehold.deploy.lease.LeaseEvent.Offered;
import dev.leasehold.deploy.lease.LeaseEvent.Refused;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Market;
import dev.leasehold.deploy.market.MarketException;
import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.offer.Capacities;
import dev.leasehold.deploy.offer.OfferRules;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the commands of leases: asks the markets, and brings their answers back as events. Blocks. */
final class MarketCalls {
    private static final Logger log = LoggerFactory.getLogger(MarketCalls.class);

    private final List<Market> markets;
    private final Capacities capacities;
    private final LeaseExperience experience;
    private final LeaseOperations operations;
    private final Clock clock;

    MarketCalls(
            List<Market> markets,
            Capacities capacities,
            LeaseExperience experience,
            LeaseOperations operations,
            Clock clock) {
        this.markets = List.copyOf(markets);
        this.capacities = capacities;
        this.experience = experience;
        this.operations = operations;
        this.clock = clock;
    }

    /**
     * Carries out one command. No answer means that nothing is known; the lease will ask again.
     *
     * @param leased what this lease has taken or was about to take, if anything
     */
    Optional<LeaseEvent> carryOut(LeaseId id, LeaseTerms terms, Optional<Offer> leased, LeaseCommand command) {
        return switch (command) {
            case FindOffer _ -> Optional.of(findOffer(id, terms));
            case Accept(var offer) -> accept(id, terms, offer);
            case Look _ -> leased.flatMap(this::marketOf).flatMap(market -> look(id, market));
            case Close _ ->
                leased.isPresent() ? marketOf(leased.get()).flatMap(market -> close(id, market)) : closeAll(id);
        };
    }

    private LeaseEvent findOffer(LeaseId id, LeaseTerms terms) {
        var offers = new ArrayList<Offer>();
        var silent = new ArrayList<String>();
        for (var market : markets) {
            try {
                offers.addAll(market.offers(terms.order()));
            } catch (MarketException e) {
                silent.add("The market " + market.name() + " gave no offers: " + e.getMessage());
            }
        }
        var chosen = OfferRules.choose(terms.order(), offers, experience.of(terms.deployment(), id));
        if (chosen.isPresent()) {
            return new Offered(clock.instant(), chosen.get());
        }
        var why = silent.isEmpty() ? OfferRules.explain(terms.order(), capacities.all()) : silent.getFirst();
        return new NoOffer(clock.instant(), why);
    }

    private Optional<LeaseEvent> accept(LeaseId id, LeaseTerms terms, Offer offer) {
        var market = marketOf(offer);
        if (market.isEmpty()) {
            return Optional.empty();
        }
        try {
            var detail = offer.market() + " " + offer.provider() + " " + offer.reference();
            operations.record(id, "accept", detail, () -> {
                market.get().accept(id, terms.order(), offer);
                return offer;
            });
        } catch (MarketException e) {
            log.info("Lease {} was not accepted by {}: {}", id, offer.provider(), e.getMessage());
            if (isRefusal(e.fault())) {
                return Optional.of(new Refused(clock.instant(), String.valueOf(e.getMessage())));
            }
        }
        return look(id, market.get());
    }

    /** Whether the fault proves that nothing was leased. */
    private static boolean isRefusal(MarketException.Fault fault) {
        return switch (fault) {
            case INVALID_SPEC, NO_CAPACITY, OFFER_GONE, AUTH, PAYMENT_REQUIRED, RATE_LIMITED -> true;
            case MAYBE_CREATED, SUPPLIER_UNAVAILABLE, MARKET_UNAVAILABLE, INTERNAL -> false;
        };
    }

    private Optional<LeaseEvent> look(LeaseId id, Market market) {
        var askedAt = clock.instant();
        try {
            var view = market.look(id);
            return Optional.of(new Looked(clock.instant(), askedAt, view));
        } catch (MarketException e) {
            log.debug("The market {} does not say how lease {} is: {}", market.name(), id, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<LeaseEvent> close(LeaseId id, Market market) {
        try {
            operations.record(id, "close", market.name(), () -> {
                market.close(id);
                return market;
            });
        } catch (MarketException e) {
            log.info("Lease {} is not closed yet: {}", id, e.getMessage());
        }
        return look(id, market);
    }

    /** A lease that never took an offer: every market must say that it has none. */
    private Optional<LeaseEvent> closeAll(LeaseId id) {
        var askedAt = clock.instant();
        for (var market : markets) {
            var said = look(id, market);
            if (said.isEmpty()) {
                return said;
            }
            if (said.get() instanceof Looked looked && !(looked.view() instanceof MarketView.Absent)) {
                return close(id, market);
            }
        }
        return Optional.of(new Looked(clock.instant(), askedAt, new MarketView.Absent()));
    }

    private Optional<Market> marketOf(Offer offer) {
        var found = markets.stream()
                .filter(market -> market.name().equals(offer.market()))
                .findFirst();
        if (found.isEmpty()) {
            log.error("There is a lease on the market {}, which is not connected. It may bill.", offer.market());
        }
        return found;
    }
}
