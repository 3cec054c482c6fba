package dev.leasehold.gateway.admission;

import java.time.Duration;
import java.util.LinkedHashMap;

/**
 * Keys that the database has just said to be none, so that a client that repeats a wrong one is refused at once. The
 * oldest are forgotten first. Not for several threads.
 */
final class RefusedKeys {
    private final int max;
    private final long lifeNanos;

    /** When each was refused, the oldest first. */
    private final LinkedHashMap<KeyHash, Long> refused = new LinkedHashMap<>();

    RefusedKeys(int max, Duration life) {
        this.max = max;
        this.lifeNanos = life.toNanos();
    }

    boolean contains(KeyHash key, long nowNanos) {
        var since = refused.get(key);
        return since != null && nowNanos - since < lifeNanos;
    }

    void add(KeyHash key, long nowNanos) {
        refused.remove(key);
        if (refused.size() >= max) {
            refused.pollFirstEntry();
        }
        refused.put(key, nowNanos);
    }

    int size() {
        return refused.size();
    }
}
