package dev.leasehold.gateway.openai;

import dev.leasehold.gateway.edge.Exchange;

/** Answers chat requests of a caller whom somebody has admitted already, such as the console's. */
@FunctionalInterface
public interface ChatRelay {
    /**
     * Answers a request whose body is one of {@code POST /v1/chat/completions}, streamed or not. Errors are answered
     * too; nothing is thrown for them.
     */
    void chat(Exchange exchange);
}
