package dev.leasehold.gateway.edge;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Optional;

/**
 * The body of one request while it comes in. Its memory follows the bytes that came, not the length that was declared:
 * who only announces takes nothing from others. On the event loop, but for the release.
 */
final class RequestBody {
    private static final int FIRST_BYTES_MAX = 64 << 10;

    private final BodyBudget budget;
    private final int bytesMax;
    private byte[] bytes = new byte[0];
    private int length;
    private long declaredBytes;
    private long taken;

    RequestBody(BodyBudget budget, int bytesMax) {
        this.budget = budget;
        this.bytesMax = bytesMax;
    }

    /** Makes room for the beginning, or says why the rest need not come; a length below 0 is unknown. */
    Optional<EdgeRefusal> expect(long bytes) {
        if (bytes > bytesMax) {
            return Optional.of(EdgeRefusal.BODY_TOO_LARGE);
        }
        declaredBytes = bytes < 0 ? bytesMax : bytes;
        return grow(Math.min(declaredBytes, FIRST_BYTES_MAX));
    }

    /** Appends a piece, or says why it cannot. */
    Optional<EdgeRefusal> add(ByteBuf piece) {
        int count = piece.readableBytes();
        if (length + count > bytes.length) {
            var refusal = grow(Math.max((long) length + count, Math.min(2L * bytes.length, declaredBytes)));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        piece.readBytes(bytes, length, count);
        length += count;
        return Optional.empty();
    }

    private Optional<EdgeRefusal> grow(long bytesWanted) {
        if (bytesWanted > bytesMax) {
            return Optional.of(EdgeRefusal.BODY_TOO_LARGE);
        }
        if (!budget.take(bytesWanted - taken)) {
            return Optional.of(EdgeRefusal.NO_MEMORY);
        }
        taken = bytesWanted;
        bytes = Arrays.copyOf(bytes, (int) bytesWanted);
        return Optional.empty();
    }

    /** All of it. */
    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Gives its memory back to the budget. Repeatable. */
    synchronized void release() {
        budget.giveBack(taken);
        taken = 0;
    }
}
