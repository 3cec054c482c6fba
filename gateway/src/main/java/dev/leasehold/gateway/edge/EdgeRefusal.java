package dev.leasehold.gateway.edge;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Why a request is refused before anybody looks at what it asks. */
enum EdgeRefusal {
    MALFORMED(400, "invalid_request_error", "malformed_request", "This is no HTTP/1.1 request."),
    HEAD_TOO_LARGE(
            431, "invalid_request_error", "headers_too_large", "The request's line and headers are larger than 64 KB."),
    BODY_TOO_LARGE(
            413,
            "invalid_request_error",
            "request_too_large",
            "The body is larger than 32 MB. Send less at a time: fewer inputs, or a shorter conversation."),
    TOO_SLOW(408, "invalid_request_error", "request_timeout", "The rest of the request did not come in time."),
    NO_MEMORY(503, "server_error", "overloaded", "Too many large requests are being answered. Ask again in a moment."),
    TOO_MANY_CONNECTIONS(503, "server_error", "overloaded", "Too many connections are open. Ask again in a moment.");

    private final int status;
    private final String json;

    EdgeRefusal(int status, String type, String code, String message) {
        this.status = status;
        this.json = "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":\""
                + code + "\"}}";
    }

    HttpResponseStatus status() {
        return HttpResponseStatus.valueOf(status);
    }

    /** The error as OpenAI's clients read it. */
    String json() {
        return json;
    }

    boolean helpsToRetry() {
        return status == 503;
    }
}
