package dev.leasehold.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;

/**
 * The events of a streamed answer, whole ones only and without comments. It is at one event at a time; what it says of
 * that one holds until it moves on.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">HTML, 9.2.5
 *     Parsing an event stream</a>
 */
final class EventStream {
    private static final int BUFFER_BYTES = 8 << 10;
    private static final int EVENT_BYTES_MAX = 1 << 20;
    private static final byte[] DATA = "data:".getBytes(UTF_8);
    private static final byte[] DONE = "[DONE]".getBytes(UTF_8);
    private static final byte[] USAGE = "\"usage\":{".getBytes(UTF_8);
    private static final byte[] ERROR = "{\"error\":".getBytes(UTF_8);

    private final RunnerAnswer answer;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    /** Bytes of the buffer that were read. */
    private int end;
    /** Up to here no event ends. */
    private int searched;

    EventStream(RunnerAnswer answer) {
        this.answer = answer;
    }

    /**
     * Moves on to the next event, waiting for it.
     *
     * @return false once the runner has said {@code [DONE]}
     * @throws IOException if the stream breaks off before that
     */
    boolean advance() throws IOException {
        do {
            from = to;
            while (!findEnd()) {
                read();
            }
            skipComments();
        } while (from == to || !startsWith(from, DATA));
        return !startsWith(dataFrom(), DONE);
    }

    /** Whether all of another event is here. Bytes alone say nothing: they may be the end of this one's frame. */
    boolean hasNext() {
        return findEndFrom(to) > 0;
    }

    private boolean findEnd() {
        int found = findEndFrom(Math.max(from, searched));
        if (found < 0) {
            searched = Math.max(from, end - 3);
            return false;
        }
        to = found;
        searched = found;
        return true;
    }

    /** Behind the first blank line from here on; -1 if there is none. */
    private int findEndFrom(int start) {
        for (int index = start; index < end - 1; index++) {
            if (buffer[index] == '\n') {
                if (buffer[index + 1] == '\n') {
                    return index + 2;
                }
                if (index < end - 2 && buffer[index + 1] == '\r' && buffer[index + 2] == '\n') {
                    return index + 3;
                }
            }
        }
        return -1;
    }

    private void read() throws IOException {
        if (end == buffer.length) {
            makeRoom();
        }
        int count = answer.read(buffer, end, buffer.length - end);
        if (count < 0) {
            throw new IOException("The runner ended its stream without [DONE].");
        }
        end += count;
    }

    private void makeRoom() throws IOException {
        int length = end - from;
        if (length >= EVENT_BYTES_MAX) {
            throw new IOException("The runner sent an event of more than " + EVENT_BYTES_MAX + " bytes.");
        }
        var target = length > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
        System.arraycopy(buffer, from, target, 0, length);
        buffer = target;
        searched = Math.max(0, searched - from);
        end = length;
        to = 0;
        from = 0;
    }

    private void skipComments() {
        while (from < to && (buffer[from] == ':' || buffer[from] == '\n' || buffer[from] == '\r')) {
            while (buffer[from] != '\n') {
                from++;
            }
            from++;
        }
    }

    /** Where the event's bytes are, its blank line with them. */
    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return from;
    }

    int length() {
        return to - from;
    }

    /** The event's JSON. */
    byte[] data() {
        int start = dataFrom();
        int stop = to;
        while (stop > start && (buffer[stop - 1] == '\n' || buffer[stop - 1] == '\r')) {
            stop--;
        }
        return Arrays.copyOfRange(buffer, start, stop);
    }

    private int dataFrom() {
        int start = from + DATA.length;
        return start < to && buffer[start] == ' ' ? start + 1 : start;
    }

    /** Whether it counts tokens: then it is worth reading. */
    boolean mayHaveUsage() {
        return contains(USAGE);
    }

    boolean contains(byte[] text) {
        return find(text) >= 0;
    }

    /** Where this text begins, from the beginning of the event; -1 if it is not there. */
    int find(byte[] text) {
        for (int index = from; index <= to - text.length; index++) {
            if (buffer[index] == text[0] && startsWith(index, text)) {
                return index - from;
            }
        }
        return -1;
    }

    boolean isError() {
        return startsWith(dataFrom(), ERROR);
    }

    private boolean startsWith(int index, byte[] prefix) {
        return index + prefix.length <= to
                && Arrays.equals(buffer, index, index + prefix.length, prefix, 0, prefix.length);
    }

    /** Reads behind {@code [DONE]}, and says whether the connection can carry another request. */
    boolean finish() throws IOException {
        return answer.finish();
    }
}
