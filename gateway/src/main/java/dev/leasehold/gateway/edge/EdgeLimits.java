package dev.leasehold.gateway.edge;

import java.time.Duration;

/**
 * What the data plane's port lets clients do.
 *
 * @param connectionsMax open at a time; one more is answered with 503
 * @param headBytesMax of a request's line and headers
 * @param bodyBytesMax of one request
 * @param bodiesBytesMax of all requests that are being answered
 * @param clientSilenceMax how long a client may neither send the rest of its request nor read its answer
 * @param requestMax how long a request may take to come in, from when the connection was free for it
 * @param idleMax how long a connection without a request stays
 */
public record EdgeLimits(
        int connectionsMax,
        int headBytesMax,
        int bodyBytesMax,
        long bodiesBytesMax,
        Duration clientSilenceMax,
        Duration requestMax,
        Duration idleMax) {
    public static final EdgeLimits DEFAULT = new EdgeLimits(
            8192, 64 << 10, 32 << 20, 128L << 20, Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofMinutes(2));

    public EdgeLimits {
        if (connectionsMax < 1 || headBytesMax < 1024 || bodyBytesMax < 1024 || bodiesBytesMax < bodyBytesMax) {
            throw new IllegalArgumentException("The limits of the data plane are too small for any request.");
        }
    }
}
