package dev.leasehold.gateway.stream;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How many tokens one answer took, as its runner counted them. */
public record Usage(long promptTokens, long completionTokens) {
    public static final Usage NONE = new Usage(0, 0);

    private static final JsonMapper JSON = new JsonMapper();

    /** What an object of OpenAI's with a field {@code usage} says; nothing if it says nothing. */
    static Optional<Usage> in(byte[] object) {
        try {
            return of(JSON.readTree(object).path("usage"));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static Optional<Usage> of(JsonNode usage) {
        return usage.isObject()
                ? Optional.of(new Usage(
                        usage.path("prompt_tokens").asLong(0),
                        usage.path("completion_tokens").asLong(0)))
                : Optional.empty();
    }
}
