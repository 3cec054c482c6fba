package dev.leasehold.catalog.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Files by their checksum. What is there is complete and right: a file takes its place by rename once its checksum is.
 * Several processes may use one store. A partial file is kept, so that a transfer that died goes on where it ended.
 */
public final class ArtifactStore {
    private static final int BUFFER_BYTES = 1 << 18;

    /** What became of a piece; {@code received} bytes are there now. */
    public sealed interface Append {
        long received();

        record Appended(long received) implements Append {}

        /** The piece begins elsewhere than the received bytes end. */
        record OutOfOrder(long received) implements Append {}

        /** Somebody else writes this artifact now. */
        record Busy(long received) implements Append {}
    }

    /** What became of an artifact whose last piece was appended. */
    public enum Completion {
        COMPLETE,
        INCOMPLETE,
        /** All bytes were there and were dropped. */
        WRONG_CHECKSUM,
        BUSY
    }

    private final Path root;

    public ArtifactStore(Path root) {
        this.root = root;
    }

    /** The whole artifact, if it is there. */
    public Optional<Path> find(String sha256) {
        var file = fileOf(sha256);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** How many bytes of the artifact are there. */
    public long received(String sha256) throws IOException {
        var whole = find(sha256);
        if (whole.isPresent()) {
            return Files.size(whole.get());
        }
        var partial = partialOf(sha256);
        return Files.exists(partial) ? Files.size(partial) : 0;
    }

    /**
     * Appends up to {@code length} bytes. Those that came before the input failed or ended are kept.
     *
     * @param offset where the piece begins in the artifact
     */
    public Append append(String sha256, long offset, InputStream in, long length) throws IOException {
        var partial = partialOf(sha256);
        Files.createDirectories(partial.getParent());
        try (var lock = ArtifactLock.tryLock(lockOf(sha256))) {
            if (!lock.held()) {
                return new Append.Busy(received(sha256));
            }
            if (offset != received(sha256) || find(sha256).isPresent()) {
                return new Append.OutOfOrder(received(sha256));
            }
            try (var out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                out.position(offset);
                copy(in, out, length);
            }
            return new Append.Appended(received(sha256));
        }
    }

    private static void copy(InputStream in, FileChannel out, long length) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long left = length;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                return;
            }
            var bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            left -= count;
        }
    }

    /** Puts the artifact in its place once all its bytes are there and right. Repeatable. */
    public Completion complete(String sha256, long sizeBytes) throws IOException {
        if (find(sha256).isPresent()) {
            return Completion.COMPLETE;
        }
        var partial = partialOf(sha256);
        Files.createDirectories(partial.getParent());
        try (var lock = ArtifactLock.tryLock(lockOf(sha256))) {
            if (!lock.held()) {
                return Completion.BUSY;
            }
            if (find(sha256).isPresent()) {
                return Completion.COMPLETE;
            }
            long received = received(sha256);
            if (received < sizeBytes) {
                return Completion.INCOMPLETE;
            }
            if (received > sizeBytes || !digestOf(partial).equals(sha256)) {
                Files.deleteIfExists(partial);
                return Completion.WRONG_CHECKSUM;
            }
            Files.move(partial, fileOf(sha256), StandardCopyOption.ATOMIC_MOVE);
            return Completion.COMPLETE;
        }
    }

    private static String digestOf(Path partial) throws IOException {
        var digest = Checksums.sha256();
        var buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (var in = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            while (in.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            // On the disk before it is found under its final name.
            in.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Copies a whole artifact in; somebody else may do the same. */
    Path add(Artifact artifact, InputStream in) throws IOException {
        try (var lock = ArtifactLock.await(lockOf(artifact.sha256()))) {
            if (find(artifact.sha256()).isEmpty() && lock.held()) {
                Files.deleteIfExists(partialOf(artifact.sha256()));
                Files.copy(in, partialOf(artifact.sha256()));
                if (!digestOf(partialOf(artifact.sha256())).equals(artifact.sha256())) {
                    Files.deleteIfExists(partialOf(artifact.sha256()));
                    throw new IOException("its checksum is wrong");
                }
                Files.move(partialOf(artifact.sha256()), fileOf(artifact.sha256()), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return fileOf(artifact.sha256());
    }

    /** Where checksums of files outside the store are remembered. */
    Path checksumFolder() {
        return root.resolve("checksums");
    }

    private Path lockOf(String sha256) {
        return sibling(sha256, ".lock");
    }

    private Path partialOf(String sha256) {
        return sibling(sha256, ".partial");
    }

    private Path sibling(String sha256, String suffix) {
        var file = fileOf(sha256);
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private Path fileOf(String sha256) {
        if (!Artifact.isSha256(sha256)) {
            throw new IllegalArgumentException("\"" + sha256 + "\" is not a SHA-256 in lower-case hex.");
        }
        return root.resolve("sha256").resolve(sha256.substring(0, 2)).resolve(sha256);
    }
}
