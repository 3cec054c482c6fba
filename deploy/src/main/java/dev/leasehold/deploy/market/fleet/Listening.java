package dev.leasehold.deploy.market.fleet;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Since when agents could have been heard: while we or our database were away, nobody was silent. */
final class Listening {
    private final AtomicReference<Instant> since;

    Listening(Instant since) {
        this.since = new AtomicReference<>(since);
    }

    Instant since() {
        return since.get();
    }

    void wasInterrupted(Instant at) {
        since.set(at);
    }
}
