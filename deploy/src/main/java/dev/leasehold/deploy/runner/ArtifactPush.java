package dev.leasehold.deploy.runner;

import dev.leasehold.deploy.runner.RunnerConnection.Body;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sends one file to a runner in pieces, from where the last attempt ended. Several senders of one file share the work.
 */
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

    /** What the runner has. All bytes of a file are not yet the file: it must also have been put in its place. */
    private record Has(long bytes, boolean whole) {}

    void run() throws IOException, InterruptedException {
        var has = ask();
        int idleRounds = 0;
        try (var in = FileChannel.open(path)) {
            while (!has.whole()) {
                var next = next(put(in, has.bytes()));
                idleRounds = next.whole() || next.bytes() > has.bytes() ? 0 : idleRounds + 1;
                if (idleRounds > IDLE_ROUNDS_MAX) {
                    throw new RunnerException("The runner does not take in the file " + file.name() + ".");
                }
                if (idleRounds > 0) {
                    Thread.sleep(OTHER_WRITES_WAIT);
                }
                has = next;
                listener.received(Math.clamp(has.bytes(), 0, file.artifact().sizeBytes()));
            }
        }
        listener.received(file.artifact().sizeBytes());
    }

    private Has ask() throws IOException {
        var answer = session.exchange("HEAD", target, "", Body.NONE, ASK_MAX);
        return switch (answer.status()) {
            case 200 -> new Has(file.artifact().sizeBytes(), true);
            case 404 ->
                new Has(answer.header("leasehold-received").map(Long::parseLong).orElse(0L), false);
            default ->
                throw new RunnerException("The runner answered for " + file.name() + " with " + answer.status() + ".");
        };
    }

    /**
     * If all bytes are there, the last one goes out again: a runner that died had no time to put them in their place.
     */
    private Answer put(FileChannel in, long received) throws IOException {
        long size = file.artifact().sizeBytes();
        long offset = Math.min(received, Math.max(0, size - 1));
        var piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, size - offset));
        while (piece.hasRemaining()) {
            if (in.read(piece, offset + piece.position()) < 0) {
                throw new EOFException("The file " + path + " is shorter than when it was deployed.");
            }
        }
        var place = size == 0 ? "*" : offset + "-" + (offset + piece.capacity() - 1);
        var range = "Content-Range: bytes " + place + "/" + size + "\r\n";
        var body = new Body("Content-Type: application/octet-stream\r\n" + range, piece.array(), piece.capacity());
        return session.exchange("PUT", target, "", body, PIECE_MAX);
    }

    private Has next(Answer answer) throws IOException {
        return switch (answer.status()) {
            case 200, 201 -> new Has(file.artifact().sizeBytes(), true);
            case 202 -> new Has(RunnerSession.json(answer).path("received").asLong(0), false);
            case 409 -> ask();
            case 422 ->
                throw new RunnerException.LoadRefused("The file " + file.name() + " is not what it was when the model"
                        + " was deployed. Remove the deployment and deploy it again.");
            default ->
                throw new RunnerException(
                        "The runner answered a piece of " + file.name() + " with " + answer.status() + ".");
        };
    }
}
