package dev.leasehold.gateway.stream;

import dev.leasehold.gateway.edge.ClientGoneException;
import java.io.IOException;

/** Brings the answer of a runner to its client. One relay serves one request, over as many runners as that takes. */
public interface Relay {
    /**
     * Relays an answer with status 200 to its end.
     *
     * @throws ClientGoneException if the client no longer takes it
     * @throws IOException if the runner breaks off
     */
    Usage relay(RunnerAnswer answer) throws IOException;

    /** Whether something of it has reached the client, so that no other runner can begin it anew. */
    boolean hasBegun();

    /** Tells the client, within what it has already, that there will be no end; {@code error} is OpenAI's object. */
    void breakOff(byte[] error) throws ClientGoneException;
}
