package dev.leasehold.deploy;

import dev.leasehold.deploy.lease.LeaseSweep;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Sweeps now and then. */
final class SweepWorker {
    private static final Logger log = LoggerFactory.getLogger(SweepWorker.class);
    private static final Duration FIRST_AFTER = Duration.ofSeconds(10);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final LeaseSweep sweep;
    private @Nullable CountDownLatch stopped;

    SweepWorker(LeaseSweep sweep) {
        this.sweep = sweep;
    }

    synchronized void start() {
        if (stopped == null) {
            var latch = new CountDownLatch(1);
            stopped = latch;
            Thread.ofVirtual().name("lease-sweep").start(() -> work(latch));
        }
    }

    synchronized void stop() {
        if (stopped != null) {
            stopped.countDown();
            stopped = null;
        }
    }

    private void work(CountDownLatch latch) {
        try {
            for (var wait = FIRST_AFTER; !latch.await(wait.toMillis(), TimeUnit.MILLISECONDS); wait = EVERY) {
                sweepOnce();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweepOnce() {
        try {
            sweep.sweep();
        } catch (DataAccessException e) {
            log.debug("There was no sweep: the database does not answer.", e);
        } catch (RuntimeException e) {
            log.error("The sweep failed unexpectedly.", e);
        }
    }
}
