package dev.leasehold.gateway.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.leasehold.deploy.runner.RunnerSocket;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** One connection to a runner, for one request at a time. */
final class RunnerLink implements Closeable {
    private static final Duration SEND_MAX = Duration.ofSeconds(20);

    private final RunnerSocket socket;
    private final RunnerBytes bytes;
    private final String authorization;
    private long idleSince;
    private boolean used;

    RunnerLink(RunnerSocket socket, String token) throws IOException {
        this.socket = socket;
        this.bytes = new RunnerBytes(socket.in());
        this.authorization = "Authorization: Bearer " + token + "\r\n";
    }

    /** Sends a request and waits for the head of its answer. */
    RunnerAnswer ask(RunnerRequest request) throws IOException {
        var head = "POST " + request.path() + " HTTP/1.1\r\nHost: runner\r\n" + authorization + "X-Request-Id: "
                + request.requestId() + "\r\nContent-Type: application/json\r\nContent-Length: "
                + request.body().length + "\r\n\r\n";
        socket.silenceMax(request.silenceMax());
        socket.send(head.getBytes(ISO_8859_1), request.body(), SEND_MAX);
        return RunnerAnswer.read(bytes);
    }

    /** Whether it has carried a request before, so that the runner may have closed it meanwhile. */
    boolean wasUsed() {
        return used;
    }

    void rest() {
        used = true;
        idleSince = System.nanoTime();
    }

    Duration idleFor() {
        return Duration.ofNanos(System.nanoTime() - idleSince);
    }

    @Override
    public void close() {
        socket.close();
    }
}
