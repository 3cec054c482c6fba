package dev.leasehold.gateway.edge;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that the bodies of all requests may take together. */
final class BodyBudget {
    private final AtomicLong leftBytes;

    BodyBudget(long bytes) {
        this.leftBytes = new AtomicLong(bytes);
    }

    /** Takes a part of it, and says whether there was enough. */
    boolean take(long bytes) {
        if (leftBytes.addAndGet(-bytes) >= 0) {
            return true;
        }
        leftBytes.addAndGet(bytes);
        return false;
    }

    void giveBack(long bytes) {
        leftBytes.addAndGet(bytes);
    }
}
