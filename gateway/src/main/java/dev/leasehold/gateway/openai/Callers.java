package dev.leasehold.gateway.openai;

import dev.leasehold.gateway.admission.ApiKeys;
import dev.leasehold.gateway.admission.BearerToken;
import dev.leasehold.gateway.admission.KeyCheck;
import dev.leasehold.gateway.edge.Exchange;
import java.util.UUID;

/** Who asks: whoever has an API key. */
final class Callers {
    private final ApiKeys keys;

    Callers(ApiKeys keys) {
        this.keys = keys;
    }

    /**
     * The key that a request came with.
     *
     * @throws ApiFailure if it has none, or it is refused or cannot be checked
     */
    UUID require(Exchange exchange) {
        var token = BearerToken.of(exchange.header("authorization").orElse(null))
                .orElseThrow(() -> refused("No API key was given. Send it as \"Authorization: Bearer sk-lh-...\"."));
        return switch (keys.authenticate(token)) {
            case KeyCheck.Known(var id) -> id;
            case KeyCheck.Unknown _ ->
                throw refused("This API key is not known, or it was revoked. ./leasehold keys lists those there are.");
            case KeyCheck.Unavailable _ ->
                throw ApiFailure.of(
                        Fault.UNAVAILABLE,
                        "This API key cannot be checked now, since the database does not answer. Ask again.");
        };
    }

    private static ApiFailure refused(String message) {
        return ApiFailure.with(Fault.INVALID_KEY, "www-authenticate", "Bearer", message);
    }
}
