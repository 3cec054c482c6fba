package dev.leasehold.catalog.model;

/** A reference names no model. The message says why and is fit for the user. */
public final class UnknownModelException extends RuntimeException {
    public UnknownModelException(String message) {
        super(message);
    }

    UnknownModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
