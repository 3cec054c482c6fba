package dev.leasehold.deploy.runner;

import dev.leasehold.deploy.runner.RunnerConnection.Body;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Requests to one pinned runner, one at a time, on one connection that is opened again when it breaks. */
public final class RunnerSession implements AutoCloseable {
    private static final Duration PROBE_MAX = Duration.ofSeconds(2);
    private static final Duration ORDER_MAX = Duration.ofSeconds(10);
    private static final JsonMapper SNAKE_CASE = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final Pin pin;
    private final String authorization;
    private final SSLSocketFactory trust;
    private volatile @Nullable RunnerConnection connection;
    private volatile boolean closed;

    RunnerSession(Pin pin, String token) {
        this.pin = pin;
        this.authorization = "Authorization: Bearer " + token + "\r\n";
        this.trust = Trust.only(pin.certificateSha256());
    }

    public Pin pin() {
        return pin;
    }

    /** A probe. */
    public Readiness ready() throws IOException {
        var answer = exchange("GET", "/ready", "", Body.NONE, PROBE_MAX);
        if (answer.status() != 200 && answer.status() != 503) {
            throw new RunnerException("The runner answered a probe with status " + answer.status() + ".");
        }
        var body = json(answer);
        return new Readiness(
                answer.status() == 200 && body.path("ready").asBoolean(false),
                body.path("stage").asString(""),
                Math.clamp(body.path("progress").asDouble(0), 0, 1),
                Optional.ofNullable(body.path("error").asString(null)),
                body.path("boot").asString(""),
                body.path("running").asInt(0),
                body.path("waiting").asInt(0));
    }

    /** Makes sure that the runner has a file, by sending what it lacks. */
    public void push(Workload.File file, Path path, ArtifactPush.Listener listener)
            throws IOException, InterruptedException {
        new ArtifactPush(this, file, path, listener).run();
    }

    private record LoadOrder(String name, String task, int contextLength, int slots, List<LoadFile> files) {}

    private record LoadFile(String name, String sha256, long sizeBytes) {}

    /**
     * Tells the runner what to load; whether it is loaded, {@link #ready} says.
     *
     * @throws RunnerException.LoadRefused with the runner's sentence
     */
    public void load(Workload workload) throws IOException {
        var order = new LoadOrder(
                workload.name(),
                workload.model().task().name().toLowerCase(Locale.ROOT),
                workload.contextLength(),
                workload.slots(),
                workload.files().stream()
                        .map(file -> new LoadFile(
                                file.name(),
                                file.artifact().sha256(),
                                file.artifact().sizeBytes()))
                        .toList());
        var answer = exchange("PUT", "/model", "", Body.json(SNAKE_CASE.writeValueAsBytes(order)), ORDER_MAX);
        switch (answer.status()) {
            case 202 -> {
                // It loads, or has loaded already.
            }
            case 409, 422, 400 -> throw new RunnerException.LoadRefused(sentence(answer));
            default -> throw new RunnerException("The runner answered PUT /model with status " + answer.status() + ".");
        }
    }

    static String sentence(Answer answer) throws IOException {
        var message = json(answer).path("error").path("message").asString("");
        return message.isBlank() ? "The runner refused with status " + answer.status() + "." : message;
    }

    static JsonNode json(Answer answer) throws IOException {
        try {
            return RunnerClient.JSON.readTree(answer.text());
        } catch (JacksonException e) {
            throw new IOException("The runner's answer is no JSON.", e);
        }
    }

    /** Sends a request; repeats it once if it went out on a connection that the runner may have closed meanwhile. */
    Answer exchange(String method, String path, String headers, Body body, Duration max) throws IOException {
        var kept = connection;
        if (kept != null && kept.isOpen()) {
            try {
                return kept.exchange(method, path, authorization + headers, body, max);
            } catch (IOException e) {
                kept.close();
                if (closed) {
                    throw e;
                }
            }
        }
        return open().exchange(method, path, authorization + headers, body, max);
    }

    private RunnerConnection open() throws IOException {
        var opened = RunnerConnection.open(pin.address(), trust);
        connection = opened;
        if (closed) {
            opened.close();
            throw new IOException("The session was closed.");
        }
        return opened;
    }

    /** Ends whatever is under way, from any thread. */
    @Override
    public void close() {
        closed = true;
        var kept = connection;
        if (kept != null) {
            kept.close();
        }
    }
}
