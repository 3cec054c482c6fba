package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseEvent.StopWanted;
import dev.leasehold.deploy.market.LeaseId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Takes up the leases that nobody works, keeps each on a thread of its own, and says that it lives. */
public final class LeaseWorker {
    /** For how long a lease waits for a control plane that died. */
    static final Duration CLAIMED = Duration.ofSeconds(6);

    private static final Logger log = LoggerFactory.getLogger(LeaseWorker.class);
    private static final Duration ROUND_MAX = Duration.ofSeconds(1);
    private static final Duration RENEWED_EVERY = Duration.ofSeconds(2);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);
    private static final int CLAIMED_AT_ONCE = 64;

    private final LeaseClaims claims;
    private final LeasePolicy policy;
    private final LeaseShop shop;
    private final Map<LeaseId, LeaseKeeper> kept = new ConcurrentHashMap<>();
    private final Semaphore wakes = new Semaphore(0);
    private final Outage outage = new Outage(log, "Leases cannot be worked: the database does not answer.");
    private volatile boolean running;
    private @Nullable Thread thread;
    private Instant renewedAt = Instant.MIN;

    LeaseWorker(LeaseClaims claims, LeasePolicy policy, LeaseShop shop) {
        this.claims = claims;
        this.policy = policy;
        this.shop = shop;
    }

    public synchronized void start() {
        if (thread == null) {
            running = true;
            thread = Thread.ofVirtual().name("lease-worker").start(this::work);
        }
    }

    /** Something may have changed: look now. */
    public void wake() {
        if (wakes.availablePermits() == 0) {
            wakes.release();
        }
    }

    /** Lets go of all leases, for another control plane or the next start. They stay as they are. */
    public synchronized void stop() throws InterruptedException {
        var stopped = thread;
        if (stopped == null) {
            return;
        }
        running = false;
        wake();
        stopped.join(STOP_MAX);
        thread = null;
        kept.values().forEach(LeaseKeeper::end);
        kept.clear();
        try {
            claims.giveBack();
        } catch (DataAccessException | TransactionException e) {
            log.debug("The leases were not given back; they are free after {}.", CLAIMED, e);
        }
    }

    private void work() {
        while (running) {
            try {
                round();
                outage.over();
                pause(ROUND_MAX);
            } catch (DataAccessException | TransactionException e) {
                outage.goesOn(e);
                pause(outage.wait(ROUND_MAX));
            } catch (RuntimeException e) {
                log.error("Working the leases failed unexpectedly.", e);
                pause(ROUND_MAX);
            }
        }
    }

    private void pause(Duration max) {
        try {
            if (wakes.tryAcquire(max.toMillis(), TimeUnit.MILLISECONDS)) {
                wakes.drainPermits();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    private void round() {
        kept.values().removeIf(LeaseKeeper::hasEnded);
        var now = shop.tools().now();
        if (!now.isBefore(renewedAt.plus(RENEWED_EVERY))) {
            renew();
            renewedAt = now;
        }
        claims.stopsWanted().forEach(id -> stopLease(id, now));
        var claimed = claims.claim(CLAIMED_AT_ONCE);
        claimed.forEach(this::keep);
        if (claimed.size() == CLAIMED_AT_ONCE) {
            wake();
        }
    }

    private void renew() {
        var ours = claims.renew(kept.keySet());
        kept.forEach((id, keeper) -> {
            if (!ours.contains(id)) {
                keeper.end();
            }
        });
    }

    private void stopLease(LeaseId id, Instant now) {
        var keeper = kept.get(id);
        if (keeper != null) {
            keeper.tell(new StopWanted(now));
        }
    }

    private void keep(StoredLease lease) {
        var rules = new LeaseRules(policy, lease.terms().workload().totalBytes());
        var keeper = new LeaseKeeper(lease, rules, claims, shop, this::wake);
        var before = kept.put(lease.id(), keeper);
        if (before != null) {
            before.end();
        }
        Thread.ofVirtual().name("lease-" + lease.id()).start(keeper::run);
    }
}
