package dev.leasehold.gateway.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The bytes that come from a runner, buffered; lines are bounded. */
final class RunnerBytes {
    private static final int BUFFER_BYTES = 16 << 10;
    private static final int LINE_BYTES_MAX = 8 << 10;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;

    RunnerBytes(InputStream in) {
        this.in = in;
    }

    /** A line without its end. */
    String line() throws IOException {
        var line = new StringBuilder();
        for (int next = read(); next != '\n'; next = read()) {
            if (line.length() >= LINE_BYTES_MAX) {
                throw new IOException("The runner sent a line of more than " + LINE_BYTES_MAX + " bytes.");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private int read() throws IOException {
        if (from == to) {
            fill();
        }
        return buffer[from++] & 0xFF;
    }

    /** Reads what is there, at least one byte and at most {@code length}. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (from == to) {
            fill();
        }
        int count = Math.min(length, to - from);
        System.arraycopy(buffer, from, target, offset, count);
        from += count;
        return count;
    }

    private void fill() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        if (count <= 0) {
            throw new EOFException("The runner closed the connection.");
        }
        from = 0;
        to = count;
    }
}
