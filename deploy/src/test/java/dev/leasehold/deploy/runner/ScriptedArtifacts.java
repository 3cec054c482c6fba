package dev.leasehold.deploy.runner;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The artifacts of a {@link ScriptedRunner}, by the rules of docs/protocols/runner.md. */
final class ScriptedArtifacts {
    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

    private final Map<String, byte[]> whole = new HashMap<>();
    private final Map<String, ByteArrayOutputStream> partial = new HashMap<>();

    record Said(int status, int received) {}

    synchronized Optional<byte[]> find(String sha256) {
        return Optional.ofNullable(whole.get(sha256));
    }

    synchronized int received(String sha256) {
        return find(sha256)
                .map(bytes -> bytes.length)
                .orElseGet(() -> part(sha256).size());
    }

    /** A runner that was killed left so much of it behind. */
    synchronized void leave(String sha256, byte[] received) {
        part(sha256).writeBytes(received);
    }

    synchronized Said put(String sha256, String contentRange, byte[] piece) {
        if (whole.containsKey(sha256)) {
            return new Said(200, received(sha256));
        }
        if (contentRange.equals("bytes */0")) {
            return complete(sha256);
        }
        var range = RANGE.matcher(contentRange);
        if (!range.matches()
                || Integer.parseInt(range.group(2)) + 1 != Integer.parseInt(range.group(1)) + piece.length) {
            return new Said(400, 0);
        }
        int total = Integer.parseInt(range.group(3));
        if (Integer.parseInt(range.group(1)) != received(sha256)) {
            return received(sha256) >= total ? complete(sha256) : new Said(409, received(sha256));
        }
        part(sha256).writeBytes(piece);
        return received(sha256) == total ? complete(sha256) : new Said(202, received(sha256));
    }

    private Said complete(String sha256) {
        var bytes = part(sha256).toByteArray();
        partial.remove(sha256);
        if (!sha256(bytes).equals(sha256)) {
            return new Said(422, 0);
        }
        whole.put(sha256, bytes);
        return new Said(201, bytes.length);
    }

    private ByteArrayOutputStream part(String sha256) {
        return partial.computeIfAbsent(sha256, _ -> new ByteArrayOutputStream());
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
