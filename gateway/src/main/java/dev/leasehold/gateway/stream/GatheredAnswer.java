package dev.leasehold.gateway.stream;

import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import java.io.IOException;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes one object of all events, for a client that did not ask for a stream. */
final class GatheredAnswer implements AnswerSink {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> HEADERS = Map.of("content-type", "application/json");
    private static final long EVENT_BYTES_MAX = 64L << 20;

    private final Exchange client;
    private ChunkSum sum = new ChunkSum();
    private long bytes;

    GatheredAnswer(Exchange client) {
        this.client = client;
    }

    @Override
    public void take(EventStream events) throws IOException {
        bytes += events.length();
        if (bytes > EVENT_BYTES_MAX) {
            throw new IOException("The runner's answer is longer than " + EVENT_BYTES_MAX + " bytes.");
        }
        try {
            if (JSON.readTree(events.data()) instanceof ObjectNode chunk) {
                sum.add(chunk);
            }
        } catch (JacksonException e) {
            throw new IOException("The runner sent an event that is no JSON.", e);
        }
    }

    @Override
    public void flush() {
        // Nothing leaves before all of it is here.
    }

    @Override
    public void complete() throws ClientGoneException {
        client.answer(200, HEADERS, JSON.writeValueAsBytes(sum.whole()));
    }

    @Override
    public boolean hasBegun() {
        return client.hasBegun();
    }

    @Override
    public void reset() {
        sum = new ChunkSum();
        bytes = 0;
    }

    @Override
    public void breakOff(byte[] error) {
        client.cut();
    }
}
