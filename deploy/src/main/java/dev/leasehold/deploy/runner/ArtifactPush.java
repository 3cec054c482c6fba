package dev.leasehold.deploy.runner;

import dev.leasehold.deploy.runner.RunnerConnection.Body;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Sends one file to a runner in pieces, from where the last attempt ended. Several senders of one file share the work. */
public final class ArtifactPush {
    private static final int PIECE_BYTES = 8 << 20;
    private static final Duration ASK_MAX = Duration.ofSeconds(10);
    private static final Duration PIECE_MAX = Duration.ofSeconds(60);
    private static final Duration OTHER_WRITES_WAIT = Duration.ofMillis(250);

    /** So often somebody else may be writing, or have other ideas of what is there, without any progress. */
    private static final int IDLE_ROUNDS_MAX = 240;

    /** Hears how much of the file the runner has. */
    @FunctionalInterface
    public interface Listener {
        void received(long bytes);
    }

    private final RunnerSession session;
    private final Workload.File file;
    private final Path path;
    private final Listener listener;
    private final String target;

    ArtifactPush(RunnerSession session, Workload.File file, Path path, Listener listener) {
        this.session = session;
        this.file = file;
        this.path = path;
        this.listener = listener;
        this.target = "/artifacts/" + file.artifact().sha256();
    }

    void run() throws IOException, InterruptedException {
        long size = file.artifact().sizeBytes();
        long received = received();
        int idleRounds = 0;
        try (var in = FileChannel.open(path)) {
            while (received < size || (size == 0 && received() < 0)) {
                var answer = put(in, received);
                long next = next(answer);
                idleRounds = next > received ? 0 : idleRounds + 1;
                if (idleRounds > IDLE_ROUNDS_MAX) {
                    throw new RunnerException("The runner does not take in the file " + file.name() + ".");
                }
                if (idleRounds > 0) {
                    Thread.sleep(OTHER_WRITES_WAIT);
                }
                received = next;
                listener.received(Math.max(0, received));
            }
        }
        listener.received(size);
    }

    /** How many bytes the runner has; as many as the file has if it is complete there. */
    private long received() throws IOException {
        var answer = session.exchange("HEAD", target, "", Body.NONE, ASK_MAX);
        return switch (answer.status()) {
            case 200 -> file.artifact().sizeBytes();
            case 404 -> answer.header("leasehold-received").map(Long::parseLong).orElse(0L);
            default ->
                throw new RunnerException("The runner answered for " + file.name() + " with " + answer.status() + ".");
        };
    }

    private Answer put(FileChannel in, long offset) throws IOException {
        long size = file.artifact().sizeBytes();
        var piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, size - offset));
        while (piece.hasRemaining()) {
            if (in.read(piece, offset + piece.position()) < 0) {
                throw new EOFException("The file " + path + " is shorter than when it was deployed.");
            }
        }
        var range = "Content-Range: bytes " + offset + "-" + (offset + piece.capacity() - 1) + "/" + size + "\r\n";
        var body = new Body("Content-Type: application/octet-stream\r\n" + range, piece.array(), piece.capacity());
        return session.exchange("PUT", target, "", body, PIECE_MAX);
    }

    private long next(Answer answer) throws IOException {
        return switch (answer.status()) {
            case 200, 201 -> file.artifact().sizeBytes();
            case 202 -> RunnerSession.json(answer).path("received").asLong(0);
            case 409 -> received();
            case 422 ->
                throw new RunnerException.LoadRefused("The file " + file.name() + " is not what it was when the model"
                        + " was deployed. Remove the deployment and deploy it again.");
            default ->
                throw new RunnerException(
                        "The runner answered a piece of " + file.name() + " with " + answer.status() + ".");
        };
    }
}
