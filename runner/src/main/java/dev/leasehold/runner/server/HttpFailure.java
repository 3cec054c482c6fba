package dev.leasehold.runner.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is refused, with the answer that says so. The message is for the client. */
final class HttpFailure extends RuntimeException {
    private final int status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;
    private final transient Map<String, String> headers;

    private HttpFailure(
            int status,
            String type,
            String message,
            @Nullable String param,
            @Nullable String code,
            Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.headers = headers;
    }

    static HttpFailure invalid(@Nullable String param, String message) {
        return new HttpFailure(400, "invalid_request_error", message, param, null, Map.of());
    }

    static HttpFailure of(int status, String type, String message) {
        return new HttpFailure(status, type, message, null, null, Map.of());
    }

    static HttpFailure coded(int status, String type, String message, @Nullable String param, String code) {
        return new HttpFailure(status, type, message, param, code, Map.of());
    }

    static HttpFailure methodNotAllowed(String method, String path, String allowed) {
        var message = path + " does not take " + method + "; it takes " + allowed + ".";
        return new HttpFailure(405, "invalid_request_error", message, null, null, Map.of("Allow", allowed));
    }

    /** Full or not ready: try another runner, or this one later. */
    static HttpFailure later(int status, String type, String message) {
        return new HttpFailure(status, type, message, null, null, Map.of("Retry-After", "1"));
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** OpenAI's error body. */
    ErrorBody body() {
        return new ErrorBody(new ErrorBody.Detail(String.valueOf(getMessage()), type, param, code));
    }

    record ErrorBody(Detail error) {
        record Detail(
                String message,
                String type,
                @Nullable String param,
                @Nullable String code) {}
    }
}
