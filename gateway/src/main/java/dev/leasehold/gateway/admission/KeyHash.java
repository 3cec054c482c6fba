package dev.leasehold.gateway.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a key, as four numbers. A key is 238 random bits, so that neither salt nor slowness would add
 * anything, and looking its hash up in a map tells nobody how much of it was right.
 */
record KeyHash(long first, long second, long third, long fourth) {
    private static final int BYTES = 32;

    static KeyHash of(String key) {
        try {
            return ofBytes(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    static KeyHash ofBytes(byte[] hash) {
        if (hash.length != BYTES) {
            throw new IllegalArgumentException("A SHA-256 has 32 bytes; this has " + hash.length + ".");
        }
        var numbers = ByteBuffer.wrap(hash);
        return new KeyHash(numbers.getLong(), numbers.getLong(), numbers.getLong(), numbers.getLong());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }
}
