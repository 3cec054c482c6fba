package dev.leasehold.deploy.market;

import java.util.List;

/**
 * Where capacity is leased. Every operation may be repeated, has a deadline of its own and throws {@link
 * MarketException} with the class of the fault.
 *
 * <p>Whether something bills is said by {@link #look} and {@link #listOwned} alone.
 */
public interface Market {
    /** How deployments, offers and rows name this market, such as {@code fleet}. */
    String name();

    /** What could be leased for this order now, in no order; empty if nothing fits. */
    List<Offer> offers(Order order);

    /**
     * Takes an offer for a lease. Repeating it with the same id changes nothing, also if another offer is named.
     *
     * @throws MarketException with {@link MarketException.Fault#OFFER_GONE} if it can no longer be had
     */
    void accept(LeaseId id, Order order, Offer offer);

    /** What the market says about this lease now. */
    MarketView look(LeaseId id);

    /** Asks for the end of a lease. Repeatable; a lease that the market does not know is no error. */
    void close(LeaseId id);

    /** All leases that bear this installation's mark and may bill, for the sweep. */
    List<LeaseId> listOwned();
}
