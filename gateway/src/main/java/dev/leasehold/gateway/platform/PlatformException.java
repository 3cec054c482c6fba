package dev.leasehold.gateway.platform;

/** Why the platform cannot go on, as one sentence for the person at the terminal: what is wrong and what to do. */
public final class PlatformException extends RuntimeException {
    public PlatformException(String sentence) {
        super(sentence);
    }

    public PlatformException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
