package dev.leasehold.deploy.market;

/** A market did not do what it was asked to. The fault says what that means for us; the message holds no secret. */
public final class MarketException extends RuntimeException {
    /** What a failed call to a market means. */
    public enum Fault {
        /** Never works, however often it is asked. */
        INVALID_SPEC,
        /** Try the next offer. */
        NO_CAPACITY,
        /** List the offers again. */
        OFFER_GONE,
        /** It may have happened: read back before asking again. */
        MAYBE_CREATED,
        /** Our credentials are refused: alarm. */
        AUTH,
        /** Our account is empty: stop leasing and alarm. */
        PAYMENT_REQUIRED,
        /** Wait and ask again. */
        RATE_LIMITED,
        /** The provider does not answer; the market does. */
        SUPPLIER_UNAVAILABLE,
        /** The market does not answer: keep what serves, decide nothing. */
        MARKET_UNAVAILABLE,
        INTERNAL
    }

    private final Fault fault;

    public MarketException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public MarketException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
