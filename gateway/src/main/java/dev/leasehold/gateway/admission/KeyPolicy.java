package dev.leasehold.gateway.admission;

import java.time.Duration;

/**
 * The limits of keys.
 *
 * @param readEvery how old the keys in memory may be while the database answers: a revocation takes that long and one
 *     reading, at most 30 s together
 * @param readPause the least time between two readings, however many wrong keys arrive
 * @param answerMax how long a caller with a key that is not in memory waits for the database
 * @param liveMax keys that are not revoked
 * @param refusedMax wrong keys that are remembered
 * @param refusedFor how long they are
 */
record KeyPolicy(
        Duration readEvery, Duration readPause, Duration answerMax, int liveMax, int refusedMax, Duration refusedFor) {
    static final KeyPolicy DEFAULT = new KeyPolicy(
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(3),
            10_000,
            4_096,
            Duration.ofSeconds(5));
}
