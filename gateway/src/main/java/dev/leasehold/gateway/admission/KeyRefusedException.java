package dev.leasehold.gateway.admission;

/** Something that was asked of the keys cannot be done. The message is for the user. */
final class KeyRefusedException extends RuntimeException {
    /** What is wrong. */
    enum Kind {
        INVALID,
        TOO_MANY,
        UNKNOWN
    }

    private final Kind kind;

    KeyRefusedException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
