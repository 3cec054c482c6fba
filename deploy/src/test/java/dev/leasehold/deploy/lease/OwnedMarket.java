package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Market;
import dev.leasehold.deploy.market.MarketException;
import dev.leasehold.deploy.market.MarketException.Fault;
import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.market.Order;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** A market that bills a set of leases, whose runners never come up; named like that of {@link LeaseSamples#OFFER}. */
final class OwnedMarket implements Market {
    private final Set<LeaseId> billed =
            new ConcurrentSkipListSet<>((a, b) -> a.value().compareTo(b.value()));
    private final Set<LeaseId> unclosable =
            new ConcurrentSkipListSet<>((a, b) -> a.value().compareTo(b.value()));
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean away;

    OwnedMarket bills(LeaseId... leases) {
        billed.addAll(List.of(leases));
        return this;
    }

    void cannotClose(LeaseId lease) {
        unclosable.add(lease);
    }

    void goesAway(boolean isAway) {
        away = isAway;
    }

    Set<LeaseId> billed() {
        return Set.copyOf(billed);
    }

    /** How often it was asked for offers. */
    int asked() {
        return asked.get();
    }

    @Override
    public String name() {
        return LeaseSamples.OFFER.market();
    }

    @Override
    public List<Offer> offers(Order order) {
        asked.incrementAndGet();
        return List.of(LeaseSamples.OFFER);
    }

    @Override
    public void accept(LeaseId id, Order order, Offer offer) {
        billed.add(id);
    }

    @Override
    public MarketView look(LeaseId id) {
        requireHere();
        return billed.contains(id) ? new MarketView.Starting("pulling") : new MarketView.Absent();
    }

    @Override
    public void close(LeaseId id) {
        requireHere();
        if (unclosable.contains(id)) {
            throw new MarketException(Fault.SUPPLIER_UNAVAILABLE, "Its provider does not answer.");
        }
        billed.remove(id);
    }

    @Override
    public List<LeaseId> listOwned() {
        requireHere();
        return List.copyOf(billed);
    }

    private void requireHere() {
        if (away) {
            throw new MarketException(Fault.MARKET_UNAVAILABLE, "It does not answer.");
        }
    }
}
