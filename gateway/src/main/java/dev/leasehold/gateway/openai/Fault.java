package dev.leasehold.gateway.openai;

/**
 * What can be wrong with a request to the data plane, in OpenAI's words.
 *
 * @see <a href="https://platform.openai.com/docs/guides/error-codes">OpenAI, error codes</a>
 */
enum Fault {
    INVALID_REQUEST(400, "invalid_request_error", "invalid_request"),
    INVALID_KEY(401, "invalid_request_error", "invalid_api_key"),
    MODEL_NOT_FOUND(404, "invalid_request_error", "model_not_found"),
    UNKNOWN_PATH(404, "invalid_request_error", "unknown_url"),
    METHOD_NOT_ALLOWED(405, "invalid_request_error", "method_not_allowed"),
    BUSY(429, "rate_limit_error", "model_busy"),
    INTERNAL(500, "server_error", "internal_error"),
    RUNNER_FAILED(502, "server_error", "runner_failed"),
    RUNNER_LOST(503, "server_error", "runner_lost"),
    NO_REPLICA(503, "server_error", "no_replica"),
    UNAVAILABLE(503, "server_error", "unavailable");

    private final int status;
    private final String type;
    private final String code;

    Fault(int status, String type, String code) {
        this.status = status;
        this.type = type;
        this.code = code;
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    String code() {
        return code;
    }

    boolean helpsToRetry() {
        return status == 429 || status == 503;
    }
}
