package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Reads the logs of runners through their agents, which send them only while somebody reads. */
public final class FleetLogs {
    private static final int TAPS_MAX = 100;

    private final FleetRepository repository;
    private final HeldHeartbeats held;
    private final Map<LeaseId, LogTap> taps = new HashMap<>();

    FleetLogs(FleetRepository repository, HeldHeartbeats held) {
        this.repository = repository;
        this.held = held;
    }

    /** A log that is being read, until it is closed. */
    public interface Reading extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Reads a lease's log, from its last 64 KiB on. The reader is called by one thread at a time; while it blocks, the
     * agent waits.
     *
     * @throws IllegalStateException if too many logs are being read already
     */
    public Reading follow(LeaseId lease, Consumer<String> reader) {
        LogTap tap;
        synchronized (taps) {
            if (!taps.containsKey(lease) && taps.size() >= TAPS_MAX) {
                throw new IllegalStateException(
                        TAPS_MAX + " logs are being read already. Close one of them and try again.");
            }
            tap = taps.computeIfAbsent(lease, _ -> new LogTap());
            tap.claim();
        }
        tap.add(reader);
        repository.lease(lease).ifPresent(known -> held.wake(known.agent()));
        return () -> stop(lease, tap, reader);
    }

    /** The last lines of a runner that has ended, as its agent reported them. */
    public Optional<List<String>> tail(LeaseId lease) {
        return repository.lease(lease).map(known -> known.sight().logTail()).filter(lines -> !lines.isEmpty());
    }

    /** Which of these leases' logs are being read. */
    List<LeaseId> readAmong(Collection<LeaseId> leases) {
        synchronized (taps) {
            var read = new TreeSet<LeaseId>((a, b) -> a.value().compareTo(b.value()));
            leases.stream().filter(taps::containsKey).forEach(read::add);
            return List.copyOf(read);
        }
    }

    /** Hands a piece to the readers, and says whether there are any. */
    boolean receive(LeaseId lease, long offset, byte[] piece) {
        LogTap tap;
        synchronized (taps) {
            tap = taps.get(lease);
        }
        if (tap == null) {
            return false;
        }
        tap.receive(offset, piece);
        return true;
    }

    private void stop(LeaseId lease, LogTap tap, Consumer<String> reader) {
        synchronized (taps) {
            if (tap.remove(reader)) {
                taps.remove(lease, tap);
            }
        }
    }
}
