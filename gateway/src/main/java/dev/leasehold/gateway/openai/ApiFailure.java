package dev.leasehold.gateway.openai;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A request that is refused, with the answer that says so. The message is for the client. */
final class ApiFailure extends RuntimeException {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String RETRY_AFTER = "1";

    private final Fault fault;
    private final @Nullable String param;
    private final transient Map<String, String> headers;

    private record Body(Detail error) {}

    private record Detail(
            String message, String type, @Nullable String param, String code) {}

    private ApiFailure(Fault fault, @Nullable String param, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.fault = fault;
        this.param = param;
        this.headers = headers;
    }

    static ApiFailure of(Fault fault, String message) {
        return new ApiFailure(fault, null, message, Map.of());
    }

    /** @param param the field of the request that is at fault */
    static ApiFailure of(Fault fault, String param, String message) {
        return new ApiFailure(fault, param, message, Map.of());
    }

    static ApiFailure with(Fault fault, String header, String value, String message) {
        return new ApiFailure(fault, null, message, Map.of(header, value));
    }

    Fault fault() {
        return fault;
    }

    Optional<String> param() {
        return Optional.ofNullable(param);
    }

    /** OpenAI's error object. */
    byte[] json() {
        return JSON.writeValueAsBytes(
                new Body(new Detail(String.valueOf(getMessage()), fault.type(), param, fault.code())));
    }

    Map<String, String> headers() {
        var all = new LinkedHashMap<String, String>();
        all.put("content-type", "application/json");
        if (fault.helpsToRetry()) {
            all.put("retry-after", RETRY_AFTER);
        }
        all.putAll(headers);
        return all;
    }
}
