package dev.leasehold.deploy.market;

import java.time.Duration;

/**
 * A market with two providers, for the {@link MarketCompatibilityKit}: {@code cheap} asks 0.10 and {@code dear} 0.20 US
 * dollars an hour. Each can lease {@link #CAPACITY_BYTES} and not twice {@link #ORDER_BYTES}.
 */
public interface MarketWorld extends AutoCloseable {
    String CHEAP = "cheap";
    String DEAR = "dear";
    long CAPACITY_BYTES = 6L << 30;
    long ORDER_BYTES = 4L << 30;

    /**
     * What goes wrong in a world.
     *
     * @param lossRate share of the messages between providers and market that are lost, 0 to 1
     */
    record Faults(double lossRate, long seed) {
        public static final Faults NONE = new Faults(0, 0);
    }

    Market market();

    /** Lets time pass. Providers that are not silent report as they always do, and do what they are told to. */
    void pass(Duration time);

    /** The runner of this lease ends by itself with exit code 137, having said {@code out of memory} last. */
    void runnerEnds(LeaseId lease);

    void silence(String provider);

    void speak(String provider);

    /** Whether the provider runs something for this lease. */
    boolean runs(LeaseId lease);

    /** How often the provider started something for this lease. */
    int starts(LeaseId lease);

    @Override
    void close();
}
