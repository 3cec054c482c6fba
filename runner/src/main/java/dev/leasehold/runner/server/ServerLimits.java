package dev.leasehold.runner.server;

import java.time.Duration;

/**
 * What the server lets a client do.
 *
 * @param bodyBytesMax of a request; artifacts are bounded by the range they declare
 * @param bufferBytesMax of a body that is not read yet
 * @param clientSilenceMax how long a client may neither send the rest of its body nor read its answer
 * @param idleMax how long a connection without a request stays
 * @param keepAlive how often a comment is sent while an answer has not begun
 * @param drainMax how long running answers may take once the runner is to stop
 */
record ServerLimits(
        int connectionsMax,
        long bodyBytesMax,
        int bufferBytesMax,
        Duration clientSilenceMax,
        Duration idleMax,
        Duration keepAlive,
        Duration drainMax) {
    static final ServerLimits DEFAULT = new ServerLimits(
            1024,
            32L << 20,
            1 << 20,
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));
}
