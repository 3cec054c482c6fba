package dev.leasehold.runner;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a runner is told by its environment; docs/protocols/runner.md. */
record RunnerSettings(
        UUID lease, byte[] secret, String bind, int port, Path cache, Optional<Path> stateFile, int threads) {
    private static final int SECRET_BYTES = 32;
    private static final int PORT_MAX = 65_535;
    private static final int THREADS_MAX = 1024;

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong, never its value
     */
    static RunnerSettings of(Map<String, String> environment, int processors) {
        return new RunnerSettings(
                lease(required(environment, "LEASEHOLD_LEASE")),
                secret(required(environment, "LEASEHOLD_LEASE_SECRET")),
                environment.getOrDefault("LEASEHOLD_BIND", "127.0.0.1"),
                number(environment, "LEASEHOLD_PORT", 8443, 0, PORT_MAX),
                Path.of(environment.getOrDefault("LEASEHOLD_CACHE", "./cache")),
                Optional.ofNullable(environment.get("LEASEHOLD_STATE_FILE")).map(Path::of),
                number(environment, "LEASEHOLD_THREADS", Math.max(1, processors - 1), 1, THREADS_MAX));
    }

    private static String required(Map<String, String> environment, String name) {
        var value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set; whoever starts a runner sets it.");
        }
        return value;
    }

    private static UUID lease(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("LEASEHOLD_LEASE is not a UUID.", e);
        }
    }

    /** Without its cause: that would quote the secret. */
    private static byte[] secret(String text) {
        if (!text.matches("[0-9a-f]{" + 2 * SECRET_BYTES + "}")) {
            throw new IllegalArgumentException("LEASEHOLD_LEASE_SECRET is not 32 bytes in lower-case hex.");
        }
        return HexFormat.of().parseHex(text);
    }

    private static int number(Map<String, String> environment, String name, int otherwise, int min, int max) {
        var text = environment.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(name + " is not a whole number from " + min + " to " + max + ".");
        }
        return Integer.parseInt(text);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "RunnerSettings[lease=" + lease + ", bind=" + bind + ", port=" + port + ", cache=" + cache + "]";
    }
}
