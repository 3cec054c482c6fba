package dev.leasehold.runner.server;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The body of a request: the event loop puts pieces in, the request's thread reads them out. */
final class BodyStream extends InputStream {
    private final Channel channel;
    private final ServerLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> pieces = new ArrayDeque<>();
    private byte[] piece = new byte[0];
    private int position;
    private int buffered;
    private boolean complete;
    private boolean gone;

    BodyStream(Channel channel, ServerLimits limits) {
        this.channel = channel;
        this.limits = limits;
    }

    /** On the event loop. */
    void put(byte[] bytes) {
        lock.lock();
        try {
            if (bytes.length > 0) {
                pieces.add(bytes);
                buffered += bytes.length;
            }
            if (buffered > limits.bufferBytesMax()) {
                channel.config().setAutoRead(false);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void complete() {
        end(true);
    }

    void gone() {
        end(false);
    }

    private void end(boolean isComplete) {
        lock.lock();
        try {
            complete |= isComplete;
            gone |= !isComplete;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the whole body was taken in from the client, so that another request may follow. */
    boolean isComplete() {
        lock.lock();
        try {
            return complete;
        } finally {
            lock.unlock();
        }
    }

    /** Reads on to the end and forgets it, within the limit. */
    void discard(long bytesMax) throws IOException {
        long left = bytesMax;
        while (left > 0 && advance()) {
            left -= piece.length;
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == piece.length && !advance()) {
            return -1;
        }
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean advance() throws IOException {
        lock.lock();
        try {
            awaitPiece();
            var next = pieces.poll();
            if (next == null) {
                return false;
            }
            piece = next;
            position = 0;
            buffered -= next.length;
            if (buffered <= limits.bufferBytesMax() / 2) {
                channel.config().setAutoRead(true);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void awaitPiece() throws IOException {
        long left = limits.clientSilenceMax().toNanos();
        try {
            while (pieces.isEmpty() && !complete && !gone && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException("The server stops.");
        }
        if (!pieces.isEmpty() || complete) {
            return;
        }
        if (gone) {
            throw new ClientGoneException("The client left within its request.");
        }
        throw HttpFailure.of(
                408,
                "invalid_request_error",
                "The rest of the body did not come within "
                        + limits.clientSilenceMax().toSeconds() + " seconds.");
    }
}
