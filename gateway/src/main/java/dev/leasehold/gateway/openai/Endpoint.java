package dev.leasehold.gateway.openai;

import dev.leasehold.catalog.model.Task;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** What runners answer, and how it is called on the wire. */
enum Endpoint {
    CHAT("/v1/chat/completions", "chat", Task.CHAT),
    COMPLETIONS("/v1/completions", "text_completion", Task.CHAT),
    EMBEDDINGS("/v1/embeddings", "embeddings", Task.EMBEDDING);

    /** Runners send a comment every five seconds while an answer has not begun. */
    private static final Duration STREAM_SILENCE_MAX = Duration.ofSeconds(30);

    /** Vectors come all at once, when the last one is computed. */
    private static final Duration VECTORS_SILENCE_MAX = Duration.ofMinutes(5);

    private final String path;
    private final String operation;
    private final Task task;

    Endpoint(String path, String operation, Task task) {
        this.path = path;
        this.operation = operation;
        this.task = task;
    }

    static Optional<Endpoint> at(String path) {
        return Arrays.stream(values())
                .filter(endpoint -> endpoint.path.equals(path))
                .findFirst();
    }

    String path() {
        return path;
    }

    /** OpenTelemetry's name of it. */
    String operation() {
        return operation;
    }

    Task task() {
        return task;
    }

    boolean isStreamed() {
        return task == Task.CHAT;
    }

    Duration silenceMax() {
        return isStreamed() ? STREAM_SILENCE_MAX : VECTORS_SILENCE_MAX;
    }
}
