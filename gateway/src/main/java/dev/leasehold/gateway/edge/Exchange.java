package dev.leasehold.gateway.edge;

import java.util.Map;
import java.util.Optional;

/**
 * One request and its answer, whoever carries them: the data plane's server, or the console's. For plain blocking code
 * on the request's own thread, but for {@link #onGone}.
 */
public interface Exchange {
    /** Names this request in its answer, in the log, and to the runner. */
    String requestId();

    String method();

    /** Without the query. */
    String path();

    /** What follows the {@code ?}; empty if nothing does. */
    String query();

    Optional<String> header(String name);

    /** The whole body; it was read before the request got its thread. */
    byte[] body();

    /** Sends a whole answer. */
    void answer(int status, Map<String, String> headers, byte[] content) throws ClientGoneException;

    /** Begins an answer that is sent piece by piece. */
    void begin(int status, Map<String, String> headers) throws ClientGoneException;

    /** Whether the answer's head was sent, so that a failure cannot have a status of its own any more. */
    boolean hasBegun();

    /** Sends a piece at once; waits while the client reads too slowly, up to a limit. The bytes may be reused after. */
    void send(byte[] bytes, int offset, int length) throws ClientGoneException;

    /** Ends an answer that was begun. A client that leaves once it has all of it is no error. */
    void end();

    /** Cuts the connection behind what was sent, so that nobody takes the answer for complete. */
    void cut();

    /**
     * Sets what is done when the client leaves before its answer has ended; at once if it has left already. The action
     * is quick and does not block; it replaces the one before.
     */
    void onGone(Runnable action);
}
