package dev.leasehold.runner.serving;

import java.time.Duration;
import java.util.Optional;

/** A request on its way. Its events are taken by one thread; closing it cancels what still runs. */
public interface Generation extends AutoCloseable {
    /** What happened to one choice of the request. */
    sealed interface Event {
        /**
         * More text. Text and tokens need not match: a token may end within a character, or be held back because a stop
         * string may begin there.
         */
        record Text(int choice, String text, int tokens) implements Event {}

        /** The choice is complete; {@code tokens} counts all tokens of its answer. */
        record Finished(int choice, FinishReason reason, int tokens) implements Event {}

        /** The engine failed; the request is over. The message is for our log. */
        record Failed(String message) implements Event {}
    }

    enum FinishReason {
        STOP,
        LENGTH
    }

    /** Waits for the next event; nothing if none came in time. After all choices finished there is none. */
    Optional<Event> next(Duration timeout) throws InterruptedException;

    /** Cancels; the slot is free at the end of the step that runs. Repeatable. */
    @Override
    void close();
}
