package dev.leasehold.deploy.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Sends the logs that somebody reads, each on a thread of its own, as long as somebody does. */
final class LogSender {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
    private static final int SENT_AT_ONCE_MAX = 16;

    private final GatewayClient gateway;
    private final Map<UUID, Thread> sending = new ConcurrentHashMap<>();
    private volatile List<UUID> wanted = List.of();

    LogSender(GatewayClient gateway) {
        this.gateway = gateway;
    }

    /** These logs are read now, and no others. */
    void send(List<UUID> leases, Runners runners) {
        wanted = List.copyOf(leases);
        for (var lease : wanted) {
            if (sending.size() < SENT_AT_ONCE_MAX && !sending.containsKey(lease)) {
                runners.log(lease).ifPresent(log -> start(lease, log));
            }
        }
    }

    private void start(UUID lease, RunnerLog log) {
        var thread = Thread.ofVirtual().name("log-" + lease).unstarted(() -> run(lease, log));
        sending.put(lease, thread);
        thread.start();
    }

    private void run(UUID lease, RunnerLog log) {
        try {
            follow(lease, log);
        } catch (IOException _) {
            return; // The folder was tidied away; the last lines were reported with the exit.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sending.remove(lease);
        }
    }

    private void follow(UUID lease, RunnerLog log) throws IOException, InterruptedException {
        var position = log.lastPiece();
        while (wanted.contains(lease)) {
            var piece = log.from(position);
            if (piece.bytes().length == 0) {
                Thread.sleep(LOOK_EVERY);
                continue;
            }
            try {
                gateway.log(lease, piece);
                position = piece.end();
            } catch (GatewayException e) {
                if (!e.isAway()) {
                    return;
                }
                Thread.sleep(AGAIN_AFTER);
            }
        }
    }
}
