package dev.leasehold.catalog.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A lock among processes, and among the threads of each, that dies with its holder. */
final class ArtifactLock implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final FileChannel channel;
    private final @Nullable FileLock lock;

    private ArtifactLock(FileChannel channel, @Nullable FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    static ArtifactLock tryLock(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            return new ArtifactLock(channel, channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return new ArtifactLock(channel, null);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static ArtifactLock await(Path file) throws IOException {
        long deadline = System.nanoTime() + WAIT_MAX.toNanos();
        while (true) {
            var lock = tryLock(file);
            if (lock.held()) {
                return lock;
            }
            lock.close();
            pause(file, deadline);
        }
    }

    private static void pause(Path file, long deadline) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new IOException(
                    "another process holds " + file + " for more than " + WAIT_MAX.toMinutes() + " minutes");
        }
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + file, e);
        }
    }

    boolean held() {
        return lock != null;
    }

    /** The lock file stays: removing it would let two processes lock two files of the same name. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
