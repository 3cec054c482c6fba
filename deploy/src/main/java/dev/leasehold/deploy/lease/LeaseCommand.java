package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.Offer;

/** What is to be asked of the markets. Each may be carried out twice, late, or not at all. */
public sealed interface LeaseCommand {
    /** Find the offer to take; answered by {@link LeaseEvent.Offered} or {@link LeaseEvent.NoOffer}. */
    record FindOffer() implements LeaseCommand {}

    /** Take an offer, then look. */
    record Accept(Offer offer) implements LeaseCommand {}

    record Look() implements LeaseCommand {}

    /** Close the lease, then look. */
    record Close() implements LeaseCommand {}
}
