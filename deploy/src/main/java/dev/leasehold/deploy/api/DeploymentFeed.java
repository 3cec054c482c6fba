package dev.leasehold.deploy.api;

import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.deployment.DeploymentView;
import dev.leasehold.deploy.lease.LeaseBell;
import java.time.Duration;
import java.util.List;
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
    private final LeaseBell bell;
    private final Semaphore rings = new Semaphore(0);
    private final Runnable ringing = this::ring;
    private Optional<News> newest = Optional.empty();
    private List<DeploymentView> readLast = List.of();
    private long readsBegun;
    private long newestRead;
    private int listeners;
    private boolean reading;

    public DeploymentFeed(DeploymentService deployments, LeaseBell bell) {
        this.deployments = deployments;
        this.bell = bell;
    }

    /**
     * What there is to hear.
     *
     * @param isCurrent whether the database answered; if not, this is what was read last, or nothing
     */
    public record News(List<DeploymentView> deployments, boolean isCurrent) {
        public News {
            deployments = List.copyOf(deployments);
        }
    }

    /**
     * Opens a place to listen at, which must be closed.
     *
     * @throws TooManyListenersException if all places are taken
     */
    public synchronized Listener listen() {
        if (listeners >= LISTENERS_MAX) {
            throw new TooManyListenersException(LISTENERS_MAX + " listeners are here already. Try again later.");
        }
        listeners++;
        if (!reading) {
            reading = true;
            newest = Optional.empty();
            bell.onRing(ringing);
            Thread.ofVirtual().name("deployment-feed").start(this::read);
        }
        ring();
        return new Listener();
    }

    /** Hears of changes, from one thread. */
    public final class Listener implements AutoCloseable {
        /** What was being read when this one came may be older than what made it come. */
        private final long after = readsBegun;

        private Optional<News> heard = Optional.empty();

        private Listener() {}

        /** Waits for news that were not heard yet; empty if none come in time. */
        public Optional<News> next(Duration max) throws InterruptedException {
            synchronized (DeploymentFeed.this) {
                long end = System.nanoTime() + max.toNanos();
                for (long left = max.toNanos(); !isNews() && left > 0; left = end - System.nanoTime()) {
                    DeploymentFeed.this.wait(Math.max(1, Duration.ofNanos(left).toMillis()));
                }
                if (!isNews()) {
                    return Optional.empty();
                }
                heard = newest;
                return heard;
            }
        }

        private boolean isNews() {
            return newestRead > after && !newest.equals(heard);
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

    /** Decided under the lock, so that whoever comes next either finds this reader or starts one. */
    private synchronized boolean goesOn() {
        if (listeners > 0) {
            return true;
        }
        reading = false;
        bell.remove(ringing);
        return false;
    }

    private void readOnce() {
        long number = begin();
        try {
            tell(deployments.list(), true, number);
        } catch (DataAccessException e) {
            log.debug("The deployments were not read; what was read last stays.", e);
            stale(number);
        } catch (RuntimeException e) {
            log.error("Reading the deployments failed unexpectedly.", e);
            stale(number);
        }
    }

    private synchronized long begin() {
        return ++readsBegun;
    }

    private synchronized void stale(long number) {
        tell(readLast, false, number);
    }

    private synchronized void tell(List<DeploymentView> list, boolean isCurrent, long number) {
        newestRead = number;
        readLast = list;
        newest = Optional.of(new News(list, isCurrent));
        notifyAll();
    }
}
