package dev.leasehold.gateway.edge;

import java.io.IOException;

/** The client has left, or no longer reads. Nobody is there to be told. */
public final class ClientGoneException extends IOException {
    public ClientGoneException(String message) {
        super(message);
    }
}
