package dev.leasehold.deploy.market.fleet;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An agent asked for something that it does not get; docs/protocols/agent.md lists the codes. */
final class Refusal extends RuntimeException {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final int status;
    private final String code;
    private final @Nullable String param;

    private Refusal(int status, String code, @Nullable String param, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.param = param;
    }

    static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, null, message);
    }

    static Refusal invalid(String param, String message) {
        return new Refusal(422, "invalid_value", param, message);
    }

    static Refusal unavailable(String message) {
        return new Refusal(503, "unavailable", null, message);
    }

    static Refusal tooMany(String message) {
        return new Refusal(429, "too_many", null, message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    @Nullable
    String param() {
        return param;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    Optional<Duration> retryAfter() {
        return status == 503 || status == 429 ? Optional.of(RETRY_AFTER) : Optional.empty();
    }
}
