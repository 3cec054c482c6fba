package dev.leasehold.deploy.deployment;

/** A deployment cannot be made. The message is for the user. */
public final class DeploymentRefusedException extends RuntimeException {
    /** What is wrong. */
    public enum Kind {
        UNKNOWN_MODEL,
        NAME_TAKEN,
        INVALID,
        NO_OFFER
    }

    private final Kind kind;

    public DeploymentRefusedException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public DeploymentRefusedException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
