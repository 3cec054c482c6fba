package dev.leasehold.catalog.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** SHA-256 of files, remembered as long as a file's path, size and time of change stay as they are. */
final class Checksums {
    private static final int BUFFER_BYTES = 1 << 20;

    /** Content that can be read more than once; {@code key} changes when the content does. */
    interface Content {
        String key() throws IOException;

        InputStream open() throws IOException;
    }

    private final Path folder;

    Checksums(Path folder) {
        this.folder = folder;
    }

    Artifact of(Path file) throws IOException {
        return of(new Content() {
            @Override
            public String key() throws IOException {
                return file.toRealPath() + "\n" + Files.size(file) + "\n" + Files.getLastModifiedTime(file);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        });
    }

    Artifact of(Content content) throws IOException {
        var key = content.key();
        var entry = folder.resolve(HexFormat.of().formatHex(sha256().digest(key.getBytes(UTF_8))));
        var known = read(entry);
        if (known.isPresent()) {
            return known.get();
        }
        var artifact = digest(content);
        if (!content.key().equals(key)) {
            throw new IOException("it changed while it was read");
        }
        write(entry, artifact);
        return artifact;
    }

    private static Optional<Artifact> read(Path entry) throws IOException {
        if (!Files.isRegularFile(entry)) {
            return Optional.empty();
        }
        var words = Files.readString(entry).strip().split(" ", -1);
        if (words.length != 2 || !Artifact.isSha256(words[0]) || !words[1].matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(new Artifact(words[0], Long.parseLong(words[1])));
    }

    private static Artifact digest(Content content) throws IOException {
        var digest = sha256();
        var buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (var in = content.open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
                size += count;
            }
        }
        return new Artifact(HexFormat.of().formatHex(digest.digest()), size);
    }

    /** By rename, so that another process never reads half an entry. */
    private void write(Path entry, Artifact artifact) throws IOException {
        Files.createDirectories(folder);
        var fresh = Files.createTempFile(folder, "new", ".tmp");
        try {
            Files.writeString(fresh, artifact.sha256() + " " + artifact.sizeBytes() + "\n");
            Files.move(fresh, entry, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system of " + folder + " cannot rename files", e);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
