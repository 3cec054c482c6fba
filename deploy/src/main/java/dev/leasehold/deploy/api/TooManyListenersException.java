package dev.leasehold.deploy.api;

/** A stream was not opened, since too many are open. The message is for the user. */
public final class TooManyListenersException extends RuntimeException {
    TooManyListenersException(String message) {
        super(message);
    }
}
