package dev.leasehold.runner.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is refused, with the answer that says so. The message is for the client. */
final class HttpFailure extends RuntimeException {
    private static final String INVALID = "invalid_request_error";

    private final int status;
    private final transient ErrorBody body;
    private final transient Map<String, String> headers;

    /** OpenAI's error body. */
    record ErrorBody(Detail error) {
        record Detail(
                String message,
                String type,
                @Nullable String param,
                @Nullable String code) {}
    }

    private HttpFailure(int status, ErrorBody.Detail detail, Map<String, String> headers) {
        super(detail.message(), null, false, false);
        this.status = status;
        this.body = new ErrorBody(detail);
        this.headers = headers;
    }

    static HttpFailure invalid(@Nullable String param, String message) {
        return new HttpFailure(400, new ErrorBody.Detail(message, INVALID, param, null), Map.of());
    }

    static HttpFailure of(int status, String type, String message) {
        return new HttpFailure(status, new ErrorBody.Detail(message, type, null, null), Map.of());
    }

    static HttpFailure coded(int status, String type, String message, @Nullable String param, String code) {
        return new HttpFailure(status, new ErrorBody.Detail(message, type, param, code), Map.of());
    }

    static HttpFailure methodNotAllowed(String method, String path, String allowed) {
        var message = path + " does not take " + method + "; it takes " + allowed + ".";
        return new HttpFailure(405, new ErrorBody.Detail(message, INVALID, null, null), Map.of("Allow", allowed));
    }

    /** Full or not ready: try another runner, or this one later. */
    static HttpFailure later(int status, String type, String message) {
        return new HttpFailure(status, new ErrorBody.Detail(message, type, null, null), Map.of("Retry-After", "1"));
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    ErrorBody body() {
        return body;
    }
}
