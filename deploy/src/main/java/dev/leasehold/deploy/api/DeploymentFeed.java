package dev.leasehold.deploy.api;

import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.lease.LeaseBell;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** The newest list of deployments, read once for all who listen, and only while somebody does. */
public final class DeploymentFeed {
    static final int LISTENERS_MAX = 64;

    private static final Logger log = LoggerFactory.getLogger(DeploymentFeed.class);
    private static final Duration READ_EVERY = Duration.ofSeconds(1);

    private final DeploymentService deployments;
    private final Semaphore rings = new Semaphore(0);
    private boolean reading;
    private Optional<ListJson<DeploymentJson>> newest = Optional.empty();
    private int listeners;

    public DeploymentFeed(DeploymentService deployments, LeaseBell bell) {
        this.deployments = deployments;
        bell.onRing(this::ring);
    }

    /** Opens a place to listen at, which must be closed. */
    synchronized Listener listen() {
        if (listeners >= LISTENERS_MAX) {
            throw new TooManyListenersException(LISTENERS_MAX + " listeners are here already. Try again later.");
        }
        listeners++;
        if (!reading) {
            reading = true;
            newest = Optional.empty();
            Thread.ofVirtual().name("deployment-feed").start(this::read);
        }
        return new Listener();
    }

    /** Hears of changes, from one thread. */
    final class Listener implements AutoCloseable {
        private Optional<ListJson<DeploymentJson>> heard = Optional.empty();

        /** Waits for a list that was not heard yet; empty if none comes in time. */
        Optional<ListJson<DeploymentJson>> next(Duration max) throws InterruptedException {
            synchronized (DeploymentFeed.this) {
                long end = System.nanoTime() + max.toNanos();
                for (long left = max.toNanos(); newest.equals(heard) && left > 0; left = end - System.nanoTime()) {
                    DeploymentFeed.this.wait(Math.max(1, Duration.ofNanos(left).toMillis()));
                }
                if (newest.equals(heard)) {
                    return Optional.empty();
                }
                heard = newest;
                return heard;
            }
        }

        @Override
        public void close() {
            synchronized (DeploymentFeed.this) {
                listeners--;
            }
            ring();
        }
    }

    private void ring() {
        if (rings.availablePermits() == 0) {
            rings.release();
        }
    }

    private void read() {
        try {
            while (goesOn()) {
                readOnce();
                if (rings.tryAcquire(READ_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    rings.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Decided under the lock under which listeners come: either this thread reads for them, or they start another. */
    private synchronized boolean goesOn() {
        reading = listeners > 0;
        return reading;
    }

    private void readOnce() {
        try {
            var list = new ListJson<>(
                    deployments.list().stream().map(DeploymentJson::of).toList());
            synchronized (this) {
                newest = Optional.of(list);
                notifyAll();
            }
        } catch (DataAccessException e) {
            log.debug("The deployments were not read; what was read last stays.", e);
        } catch (RuntimeException e) {
            log.error("Reading the deployments failed unexpectedly; what was read last stays.", e);
        }
    }
}
