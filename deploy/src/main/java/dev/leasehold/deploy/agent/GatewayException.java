package dev.leasehold.deploy.agent;

import org.jspecify.annotations.Nullable;

/** The gateway did not do what it was asked to. */
final class GatewayException extends Exception {
    private final int status;
    private final @Nullable String code;

    private GatewayException(int status, @Nullable String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static GatewayException away(String reason) {
        return new GatewayException(0, null, reason);
    }

    static GatewayException answered(int status, @Nullable String code, String message) {
        return new GatewayException(status, code, message);
    }

    /** It did not answer, or it cannot at the moment: asking again helps. */
    boolean isAway() {
        return status == 0 || status == 429 || status >= 500;
    }

    boolean is(String wanted) {
        return wanted.equals(code);
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
