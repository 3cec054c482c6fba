package dev.leasehold.deploy.lease;

import java.time.Duration;

/**
 * How patient the rules are.
 *
 * @param offerRetry when the markets are asked again after nobody offered what is wanted
 * @param acceptMax longer than any call to take an offer can last
 * @param acceptsMax how often an offer is taken that the market then does not know
 * @param launchMax from the lease to an address of its runner
 * @param warmMin from the address to the first answer, for a model without files
 * @param warmBytesPerSecond the slowest way on which a model's files may travel
 * @param stallMax how long a runner may make no progress after it has made some
 * @param failedProbesMax probes that fail in a row until a serving runner is suspected
 * @param suspectMax how long a suspected runner may stay silent
 * @param widespreadMax how much longer while so many others are silent too that it must be us
 * @param drainMax how long requests may go on that run when a lease is to end
 * @param drainGrace from leaving the routes until no more requests can be on their way
 * @param quietProbesMin probes in a row that find nothing running, until a runner is drained
 */
public record LeasePolicy(
        Duration offerRetry,
        Duration acceptMax,
        int acceptsMax,
        Duration launchMax,
        Duration warmMin,
        long warmBytesPerSecond,
        Duration stallMax,
        int failedProbesMax,
        Duration suspectMax,
        Duration widespreadMax,
        Duration drainMax,
        Duration drainGrace,
        int quietProbesMin,
        Looks looks,
        Backoff closing) {

    /** How often the market is asked, where nothing else drives the lease on. */
    public record Looks(Duration launching, Duration warming, Duration serving, Duration suspect) {}

    /** A wait that doubles. */
    public record Backoff(Duration first, Duration max) {
        private static final int DOUBLINGS_MAX = 16;

        Duration after(int attempt) {
            var wait = first.multipliedBy(1L << Math.min(attempt - 1, DOUBLINGS_MAX));
            return wait.compareTo(max) > 0 ? max : wait;
        }
    }

    public static final LeasePolicy DEFAULT = new LeasePolicy(
            Duration.ofSeconds(1),
            Duration.ofSeconds(15),
            3,
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            2_000_000,
            Duration.ofMinutes(2),
            3,
            Duration.ofSeconds(15),
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofMillis(300),
            2,
            new Looks(Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofSeconds(2)),
            new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30)));

    Duration warmMax(long bytes) {
        return warmMin.plusSeconds(bytes / warmBytesPerSecond);
    }
}
