package dev.leasehold.gateway.stream;

import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Watches a client while runners work for it. When it leaves, the connection to the runner is closed: that ends the
 * work there, and the read here.
 */
public final class ClientWatch {
    private @Nullable RunnerLink working;
    private boolean gone;

    public ClientWatch(Exchange exchange) {
        exchange.onGone(this::leave);
    }

    private synchronized void leave() {
        gone = true;
        if (working != null) {
            working.close();
        }
    }

    /** From here on this connection is closed when the client leaves. */
    synchronized void guard(RunnerLink link) throws ClientGoneException {
        if (gone) {
            link.close();
            requireThere();
        }
        working = link;
    }

    synchronized void release() {
        working = null;
    }

    public synchronized boolean isGone() {
        return gone;
    }

    public synchronized void requireThere() throws ClientGoneException {
        if (gone) {
            throw new ClientGoneException("The client left.");
        }
    }
}
