package dev.leasehold.gateway.admission;

import dev.leasehold.deploy.lease.Outage;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * All live keys in memory. One thread reads them from the database every few seconds, and at once when somebody comes
 * with one that is not among them; all who wait then share that one reading, so that no flood of wrong keys becomes a
 * flood of questions. While the database is away the keys that are known stay known.
 */
final class KnownKeys implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KnownKeys.class);
    private static final Duration RETRY_MAX = Duration.ofSeconds(1);
    private static final KeyCheck UNKNOWN = new KeyCheck.Unknown();
    private static final KeyCheck UNAVAILABLE = new KeyCheck.Unavailable();

    private final Supplier<Map<KeyHash, UUID>> database;
    private final KeyPolicy policy;
    private final RefusedKeys refused;
    private final Outage outage = new Outage(log, "API keys go on as last read: the database does not answer.");
    private volatile Map<KeyHash, UUID> live = Map.of();

    // The rest is guarded by this object's lock. Readings are numbered from 1.
    private long begun;
    private long ended;
    private long asked;
    private boolean failing;
    private boolean running;
    private @Nullable Thread thread;

    KnownKeys(Supplier<Map<KeyHash, UUID>> database, KeyPolicy policy) {
        this.database = database;
        this.policy = policy;
        this.refused = new RefusedKeys(policy.refusedMax(), policy.refusedFor());
    }

    synchronized void start() {
        if (thread == null) {
            running = true;
            thread = Thread.ofVirtual().name("api-keys").start(this::work);
        }
    }

    /** Reads no more. What is known stays known. */
    @Override
    public synchronized void close() {
        running = false;
        thread = null;
        notifyAll();
    }

    KeyCheck check(KeyHash hash) {
        var id = live.get(hash);
        return id == null ? missed(hash) : new KeyCheck.Known(id);
    }

    private synchronized KeyCheck missed(KeyHash hash) {
        if (failing) {
            return UNAVAILABLE;
        }
        if (refused.contains(hash, System.nanoTime())) {
            return UNKNOWN;
        }
        if (!read()) {
            return UNAVAILABLE;
        }
        var id = live.get(hash);
        if (id != null) {
            return new KeyCheck.Known(id);
        }
        refused.add(hash, System.nanoTime());
        return UNKNOWN;
    }

    /** Waits for a reading that begins after this call, and says whether it succeeded in time. */
    synchronized boolean read() {
        try {
            long mine = begun + 1;
            asked = Math.max(asked, mine);
            notifyAll();
            long end = System.nanoTime() + policy.answerMax().toNanos();
            while (running && ended < mine) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    // The database hangs: until it answers, nobody else needs to find that out by waiting.
                    failing = true;
                    return false;
                }
                wait(millis(left));
            }
            return ended >= mine && !failing;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    synchronized int refused() {
        return refused.size();
    }

    private void work() {
        try {
            while (begin()) {
                readOnce();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the next reading is due, or asked for. */
    private synchronized boolean begin() throws InterruptedException {
        long now = System.nanoTime();
        long due = now + (failing ? outage.wait(RETRY_MAX) : policy.readEvery()).toNanos();
        long earliest = now + policy.readPause().toNanos();
        long left = begun == 0 ? 0 : 1;
        while (running && left > 0) {
            boolean isAsked = asked > begun && !failing;
            left = (isAsked ? earliest : due) - System.nanoTime();
            if (left > 0) {
                wait(millis(left));
            }
        }
        begun++;
        return running;
    }

    private void readOnce() {
        try {
            end(database.get());
            outage.over();
        } catch (DataAccessException e) {
            outage.goesOn(e);
            fail();
        } catch (RuntimeException e) {
            log.error("Reading the API keys failed unexpectedly.", e);
            fail();
        }
    }

    private synchronized void end(Map<KeyHash, UUID> read) {
        live = Map.copyOf(read);
        failing = false;
        ended = begun;
        notifyAll();
    }

    private synchronized void fail() {
        failing = true;
        ended = begun;
        notifyAll();
    }

    /** At least one, since none would mean to wait for ever. */
    private static long millis(long nanos) {
        return Math.max(1, Duration.ofNanos(nanos).toMillis());
    }
}
