package dev.leasehold.gateway.stream;

import java.util.Optional;

/** What came of asking one replica. */
public sealed interface Outcome {
    /** The client has all of it. */
    record Complete(Usage usage) implements Outcome {}

    record ClientGone() implements Outcome {}

    /**
     * The runner answered with an error of its own.
     *
     * @param body OpenAI's error object
     */
    record Refused(int status, byte[] body, Optional<String> retryAfter) implements Outcome {
        /** Whether the request itself is at fault, so that every replica would say the same. */
        public boolean isFinal() {
            return status >= 400 && status < 500 && status != 401 && status != 429;
        }
    }

    /**
     * The runner could not be reached, or broke off.
     *
     * @param reached whether it may have seen the request
     */
    record Lost(String why, boolean reached) implements Outcome {}
}
