package dev.leasehold.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/** Sends each event on as it came. */
final class StreamedAnswer implements AnswerSink {
    private static final Map<String, String> HEADERS =
            Map.of("content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache");
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);
    private static final byte[] NO_CHOICES = "\"choices\":[]".getBytes(UTF_8);
    /** Within a text of the answer its quotes would be escaped. */
    private static final byte[] NO_USAGE_YET = ",\"usage\":null".getBytes(UTF_8);

    private static final int HELD_BYTES_MAX = 16 << 10;

    private final Exchange client;
    private final boolean includeUsage;
    private final Held held = new Held();

    StreamedAnswer(Exchange client, boolean includeUsage) {
        this.client = client;
        this.includeUsage = includeUsage;
    }

    /** Whole events that leave together. */
    private static final class Held extends ByteArrayOutputStream {
        private void sendTo(Exchange client) throws ClientGoneException {
            client.send(buf, 0, count);
            reset();
        }
    }

    @Override
    public void take(EventStream events) throws ClientGoneException {
        if (includeUsage) {
            held.write(events.buffer(), events.offset(), events.length());
        } else {
            takeWithoutUsage(events);
        }
        if (held.size() > HELD_BYTES_MAX) {
            flush();
        }
    }

    /** We asked for the usage; clients that did not would look for the first choice of its event. */
    private void takeWithoutUsage(EventStream events) {
        if (events.mayHaveUsage() && events.contains(NO_CHOICES)) {
            return;
        }
        int unused = events.find(NO_USAGE_YET);
        if (unused < 0) {
            held.write(events.buffer(), events.offset(), events.length());
            return;
        }
        int behind = unused + NO_USAGE_YET.length;
        held.write(events.buffer(), events.offset(), unused);
        held.write(events.buffer(), events.offset() + behind, events.length() - behind);
    }

    @Override
    public void flush() throws ClientGoneException {
        if (held.size() > 0) {
            begin();
            held.sendTo(client);
        }
    }

    private void begin() throws ClientGoneException {
        if (!client.hasBegun()) {
            client.begin(200, HEADERS);
        }
    }

    @Override
    public void complete() throws ClientGoneException {
        held.writeBytes(DONE);
        flush();
        client.end();
    }

    @Override
    public boolean hasBegun() {
        return client.hasBegun();
    }

    @Override
    public void reset() {
        held.reset();
    }

    @Override
    public void breakOff(byte[] error) throws ClientGoneException {
        held.writeBytes("data: ".getBytes(UTF_8));
        held.writeBytes(error);
        held.writeBytes("\n\n".getBytes(UTF_8));
        flush();
        client.cut();
    }
}
