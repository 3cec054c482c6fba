package dev.leasehold.deploy.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the gateway is asked again: twice as long each time, with jitter. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofSeconds(5);

    private final RandomGenerator random;
    private Duration next = FIRST;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        var half = next.toMillis() / 2;
        var wait = Duration.ofMillis(half + random.nextLong(half + 1));
        var doubled = next.multipliedBy(2);
        next = doubled.compareTo(MAX) > 0 ? MAX : doubled;
        return wait;
    }

    void reset() {
        next = FIRST;
    }
}
