package dev.leasehold.runner.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** How this server writes and reads JSON. */
final class Json {
    static final String TYPE = "application/json";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(old -> old.withValueInclusion(JsonInclude.Include.ALWAYS))
            .build();

    private Json() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The object that a request's body is. */
    static JsonNode readObject(byte[] body) {
        try {
            var node = MAPPER.readTree(body);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            throw HttpFailure.invalid(null, "The body is not JSON: " + e.getOriginalMessage() + ".");
        }
        throw HttpFailure.invalid(null, "The body is not a JSON object.");
    }
}
