package dev.leasehold.runner.generation;

import dev.leasehold.runner.serving.Generation;
import dev.leasehold.runner.serving.GenerationRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The events of one request, from the engine to whoever asked. It has room for every event that the request can have,
 * so a slow reader never holds up the engine.
 */
final class EventQueue implements Generation {
    /** The text of a token; text held back at the end, twice; the end. */
    private static final int LAST_EVENTS_MAX = 3;

    private final GenerationRequest request;
    private final Runnable onClose;
    private final LinkedBlockingQueue<Event> events;
    private int unfinished;
    private volatile boolean closed;

    EventQueue(GenerationRequest request, int tokensMax, Runnable onClose) {
        this.request = request;
        this.onClose = onClose;
        this.unfinished = request.choices();
        this.events = new LinkedBlockingQueue<>(request.choices() * (tokensMax + LAST_EVENTS_MAX) + 1);
    }

    GenerationRequest request() {
        return request;
    }

    void text(int choice, String text, int tokens) {
        put(new Event.Text(choice, text, tokens));
    }

    void finished(int choice, FinishReason reason, int tokens) {
        put(new Event.Finished(choice, reason, tokens));
    }

    /** Tells the reader that the engine failed; nothing follows. */
    void failed(String message) {
        put(new Event.Failed(message));
        closed = true;
    }

    private void put(Event event) {
        if (!closed) {
            events.add(event);
        }
    }

    /** Whether nobody wants more: the reader left, or the engine failed. */
    boolean closed() {
        return closed;
    }

    @Override
    public Optional<Event> next(Duration timeout) throws InterruptedException {
        if (unfinished == 0) {
            return Optional.empty();
        }
        var event = Optional.ofNullable(events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
        event.ifPresent(this::count);
        return event;
    }

    private void count(Event event) {
        switch (event) {
            case Event.Finished _ -> unfinished--;
            case Event.Failed _ -> unfinished = 0;
            case Event.Text _ -> {}
        }
    }

    @Override
    public void close() {
        closed = true;
        onClose.run();
    }
}
