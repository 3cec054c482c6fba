package dev.leasehold.gateway.stream;

import dev.leasehold.gateway.edge.ClientGoneException;
import java.io.IOException;

/** What becomes of the events of a streamed answer: they are sent on, or gathered into one. */
interface AnswerSink {
    /** Takes the event that the stream is at. */
    void take(EventStream events) throws IOException;

    /** The next event may be long in coming: nothing is to be held back. */
    void flush() throws ClientGoneException;

    /** All of it was taken. */
    void complete() throws ClientGoneException;

    boolean hasBegun();

    /** Forgets what was taken, since another runner begins anew. */
    void reset();

    void breakOff(byte[] error) throws ClientGoneException;
}
