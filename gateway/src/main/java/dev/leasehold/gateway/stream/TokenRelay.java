package dev.leasehold.gateway.stream;

import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import java.io.IOException;

/**
 * Relays a streamed answer, event by event. Runners are always asked for a stream and for the usage behind it, whatever
 * the client wants, so that every answer is counted and can be begun anew on another runner until the client has
 * something of it.
 *
 * <p>Exact resume after that (docs/protocols/runner.md) has its place here: the comments that {@link EventStream}
 * leaves out will carry what another runner needs to go on.
 */
public final class TokenRelay implements Relay {
    private final AnswerSink sink;
    private final Runnable firstEvent;
    private boolean sawEvent;

    private TokenRelay(AnswerSink sink, Runnable firstEvent) {
        this.sink = sink;
        this.firstEvent = firstEvent;
    }

    /**
     * One for a client that wants a stream.
     *
     * @param includeUsage whether the client asked for the usage, which is left out otherwise
     * @param firstEvent is told when the first event comes
     */
    public static TokenRelay streaming(Exchange client, boolean includeUsage, Runnable firstEvent) {
        return new TokenRelay(new StreamedAnswer(client, includeUsage), firstEvent);
    }

    /** One for a client that wants a single object, of which the answer's events are the parts. */
    public static TokenRelay gathering(Exchange client, Runnable firstEvent) {
        return new TokenRelay(new GatheredAnswer(client), firstEvent);
    }

    @Override
    public Usage relay(RunnerAnswer answer) throws IOException {
        sink.reset();
        var events = new EventStream(answer);
        var usage = Usage.NONE;
        while (events.advance()) {
            if (events.isError()) {
                throw new IOException("The runner failed within its answer.");
            }
            if (!sawEvent) {
                sawEvent = true;
                firstEvent.run();
            }
            if (events.mayHaveUsage()) {
                usage = Usage.in(events.data()).orElse(usage);
            }
            sink.take(events);
            if (!events.hasNext()) {
                sink.flush();
            }
        }
        sink.complete();
        return usage;
    }

    @Override
    public boolean hasBegun() {
        return sink.hasBegun();
    }

    @Override
    public void breakOff(byte[] error) throws ClientGoneException {
        sink.breakOff(error);
    }
}
