package dev.leasehold.deploy.market.fleet;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Heartbeats whose answers wait until there is something to say: one for each agent. */
final class HeldHeartbeats {
    private final ConcurrentMap<UUID, Held> held = new ConcurrentHashMap<>();

    /** Takes the place of the heartbeat that this agent sent before, which is answered now. */
    Held take(UUID agent) {
        var mine = new Held(agent);
        var older = held.put(agent, mine);
        if (older != null) {
            older.supersede();
        }
        return mine;
    }

    /** Says that this agent's wishes may have changed. */
    void wake(UUID agent) {
        var waiting = held.get(agent);
        if (waiting != null) {
            waiting.wake();
        }
    }

    /** One heartbeat that waits. A wake that comes before the wait ends it too. */
    final class Held implements AutoCloseable {
        private final UUID agent;
        private final Semaphore wakes = new Semaphore(0);
        private volatile boolean superseded;

        private Held(UUID agent) {
            this.agent = agent;
        }

        boolean isSuperseded() {
            return superseded;
        }

        /** Waits for a wake, or for this long. */
        void await(Duration atMost) throws InterruptedException {
            if (wakes.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                wakes.drainPermits();
            }
        }

        private void supersede() {
            superseded = true;
            wake();
        }

        private void wake() {
            wakes.release();
        }

        @Override
        public void close() {
            held.remove(agent, this);
        }
    }
}
