package dev.leasehold.gateway.stream;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An HTTP/1.1 answer of a runner: its head, and its body as it comes. The body must be delimited; one that ends with
 * the connection could not be told from one that was cut.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, 6.3 Message Body Length</a>
 */
final class RunnerAnswer {
    private static final int HEADERS_MAX = 64;
    private static final int REFUSAL_BYTES_MAX = 1 << 20;
    private static final int REST_BYTES_MAX = 4 << 10;
    private static final int HEX = 16;

    private final RunnerBytes bytes;
    private final int status;
    private final Map<String, String> headers;
    private final boolean chunked;
    private long left;
    private boolean inChunk;
    private boolean complete;

    private RunnerAnswer(RunnerBytes bytes, int status, Map<String, String> headers) throws IOException {
        this.bytes = bytes;
        this.status = status;
        this.headers = headers;
        this.chunked = headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked");
        if (!chunked) {
            left = number(headers.getOrDefault("content-length", "?"), 10);
            complete = left == 0;
        }
    }

    static RunnerAnswer read(RunnerBytes bytes) throws IOException {
        var line = bytes.line();
        if (!line.startsWith("HTTP/1.1 ") || line.length() < 12) {
            throw new IOException("The runner's answer is no HTTP/1.1.");
        }
        return new RunnerAnswer(bytes, (int) number(line.substring(9, 12), 10), headers(bytes));
    }

    private static Map<String, String> headers(RunnerBytes bytes) throws IOException {
        var headers = new HashMap<String, String>();
        for (var line = bytes.line(); !line.isEmpty(); line = bytes.line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() >= HEADERS_MAX) {
                throw new IOException("The runner's answer has bad or too many headers.");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return Map.copyOf(headers);
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, together with what is negative.
        }
        throw new IOException("The runner's answer has a bad length or status.");
    }

    int status() {
        return status;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Of the whole body, where the runner has said it. */
    OptionalLong contentLength() {
        return chunked ? OptionalLong.empty() : OptionalLong.of(left);
    }

    /**
     * Reads a piece of the body.
     *
     * @return how many bytes, or -1 once all of it was read
     * @throws IOException if it breaks off before its end
     */
    int read(byte[] target, int offset, int length) throws IOException {
        if (chunked && left == 0 && !complete) {
            beginChunk();
        }
        if (complete) {
            return -1;
        }
        int count = bytes.read(target, offset, (int) Math.min(length, left));
        left -= count;
        complete = left == 0 && !chunked;
        return count;
    }

    private void beginChunk() throws IOException {
        if (inChunk) {
            bytes.line();
        }
        inChunk = true;
        var size = bytes.line();
        int extension = size.indexOf(';');
        left = number(extension < 0 ? size : size.substring(0, extension).strip(), HEX);
        if (left == 0) {
            while (!bytes.line().isEmpty()) {
                // Trailers say nothing to us.
            }
            complete = true;
        }
    }

    /** All of a short body. */
    byte[] whole() throws IOException {
        var whole = new byte[REST_BYTES_MAX];
        int length = 0;
        for (int count = read(whole, 0, whole.length); count >= 0; count = read(whole, length, whole.length - length)) {
            length += count;
            if (length > REFUSAL_BYTES_MAX) {
                throw new IOException("The runner's error is longer than " + REFUSAL_BYTES_MAX + " bytes.");
            }
            if (length == whole.length) {
                whole = Arrays.copyOf(whole, 2 * whole.length);
            }
        }
        return Arrays.copyOf(whole, length);
    }

    /** Reads what little is left, and says whether the connection can carry another request. */
    boolean finish() throws IOException {
        var rest = new byte[REST_BYTES_MAX];
        for (int skipped = 0, count = 0; !complete && skipped <= REST_BYTES_MAX; skipped += count) {
            count = Math.max(0, read(rest, 0, rest.length));
        }
        return complete && !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    }
}
