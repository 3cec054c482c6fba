package dev.leasehold.catalog.artifact;

import java.util.regex.Pattern;

/** A file by its content. */
public record Artifact(String sha256, long sizeBytes) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Artifact {
        if (!isSha256(sha256)) {
            throw new IllegalArgumentException("A SHA-256 has 64 lower-case hex digits; this is \"" + sha256 + "\".");
        }
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("An artifact has a size of " + sizeBytes + " bytes.");
        }
    }

    public static boolean isSha256(String text) {
        return SHA256.matcher(text).matches();
    }
}
