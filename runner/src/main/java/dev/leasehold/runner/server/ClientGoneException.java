package dev.leasehold.runner.server;

import java.io.IOException;

/** The client left, or reads too slowly to be waited for. */
final class ClientGoneException extends IOException {
    ClientGoneException(String message) {
        super(message);
    }
}
