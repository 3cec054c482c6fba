package dev.leasehold.deploy.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.market.fleet.FleetLogs;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Writes the logs of some leases to a client: their last lines, and on request what comes after. */
final class LogStream {
    private static final int PIECES_MAX = 64;
    private static final int PREFIX_LENGTH = 8;

    /** How long a piece may wait for a client that does not read. */
    private static final Duration SLOW_CLIENT_MAX = Duration.ofSeconds(30);

    private static final Duration FIRST_PIECE_MAX = Duration.ofSeconds(4);
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final FleetLogs logs;
    private final List<Lease> live;
    private final List<Lease> ended;
    private final OutputStream out;
    private final BlockingQueue<String> pieces = new ArrayBlockingQueue<>(PIECES_MAX);

    LogStream(FleetLogs logs, List<Lease> leases, OutputStream out) {
        this.logs = logs;
        this.live = leases.stream().filter(Lease::mayBill).toList();
        this.ended = leases.stream().filter(lease -> !lease.mayBill()).toList();
        this.out = out;
    }

    void run(boolean follow) throws IOException {
        if (live.isEmpty()) {
            lastWords();
            return;
        }
        var readings = new ArrayList<FleetLogs.Reading>();
        try {
            for (var lease : live) {
                readings.add(logs.follow(lease.id(), piece -> take(lease, piece)));
            }
            if (follow) {
                copyForEver();
            } else {
                copyUntilQuiet();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            readings.forEach(FleetLogs.Reading::close);
        }
    }

    /** Of the lease that ended last, if anything is known of it. */
    private void lastWords() throws IOException {
        for (var lease : ended.reversed()) {
            var tail = logs.tail(lease.id());
            if (tail.isPresent()) {
                out.write((String.join("\n", tail.get()) + "\n").getBytes(UTF_8));
                return;
            }
        }
    }

    private void copyForEver() throws IOException, InterruptedException {
        while (true) {
            var piece = pieces.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
            if (piece != null) {
                out.write(piece.getBytes(UTF_8));
            }
            // Also without a piece: this is how a client that has left is seen.
            out.flush();
        }
    }

    private void copyUntilQuiet() throws IOException, InterruptedException {
        var wait = FIRST_PIECE_MAX;
        for (var piece = pieces.poll(wait.toMillis(), TimeUnit.MILLISECONDS); piece != null; ) {
            out.write(piece.getBytes(UTF_8));
            wait = QUIET;
            piece = pieces.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        }
        out.flush();
    }

    private void take(Lease lease, String piece) {
        try {
            pieces.offer(marked(lease, piece), SLOW_CLIENT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** With several replicas each line says whose it is. */
    private String marked(Lease lease, String piece) {
        if (live.size() == 1) {
            return piece;
        }
        var mark = "[" + lease.id().toString().substring(0, PREFIX_LENGTH) + "] ";
        return piece.lines().map(line -> mark + line + "\n").reduce("", String::concat);
    }
}
