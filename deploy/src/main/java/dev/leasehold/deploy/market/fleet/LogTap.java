package dev.leasehold.deploy.market.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The readers of one log, and its last bytes for the reader that comes next. */
final class LogTap {
    static final int KEPT_BYTES_MAX = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(LogTap.class);

    private final ReentrantLock delivery = new ReentrantLock();
    private final List<Consumer<String>> readers = new CopyOnWriteArrayList<>();
    private byte[] kept = new byte[0];
    private long next = -1;
    private int claims;

    /** Called under the lock of the taps, so that a tap with a coming reader is not thrown away. */
    void claim() {
        claims++;
    }

    void add(Consumer<String> reader) {
        delivery.lock();
        try {
            if (kept.length > 0) {
                reader.accept(new String(kept, UTF_8));
            }
            readers.add(reader);
        } finally {
            delivery.unlock();
        }
    }

    /** Under the lock of the taps; says whether nobody reads any more. A reader that leaves twice has left once. */
    boolean remove(Consumer<String> reader) {
        if (readers.remove(reader)) {
            claims--;
        }
        return claims == 0;
    }

    /** Agents repeat a piece whose answer was lost: what is known already is skipped. */
    void receive(long offset, byte[] piece) {
        delivery.lock();
        try {
            var known = next < 0 ? 0 : Math.clamp(next - offset, 0, piece.length);
            var fresh = Arrays.copyOfRange(piece, known, piece.length);
            if (fresh.length == 0) {
                return;
            }
            next = offset + piece.length;
            keep(fresh);
            var text = new String(fresh, UTF_8);
            readers.forEach(reader -> deliver(reader, text));
        } finally {
            delivery.unlock();
        }
    }

    private void deliver(Consumer<String> reader, String text) {
        try {
            reader.accept(text);
        } catch (RuntimeException e) {
            LOG.debug("A reader of a log went away.", e);
        }
    }

    private void keep(byte[] fresh) {
        var all = Arrays.copyOf(kept, kept.length + fresh.length);
        System.arraycopy(fresh, 0, all, kept.length, fresh.length);
        kept = all.length <= KEPT_BYTES_MAX ? all : Arrays.copyOfRange(all, all.length - KEPT_BYTES_MAX, all.length);
    }
}
