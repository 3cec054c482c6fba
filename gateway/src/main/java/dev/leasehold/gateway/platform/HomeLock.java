package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Holds a home for this process. The system frees it when the process ends, however it ends. */
public final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the home, or says who has it.
     *
     * @throws PlatformException if another process holds it, or the home cannot be written
     */
    public static HomeLock take(Home home) {
        try {
            Files.createDirectories(home.root());
            var channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (held(channel) == null) {
                channel.close();
                throw new PlatformException("Leasehold is already running here" + holder(home)
                        + ". Stop it with ./leasehold down, or start another one with --home and other ports.");
            }
            return new HomeLock(channel);
        } catch (IOException e) {
            throw home.unwritable(e);
        }
    }

    private static @Nullable FileLock held(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static String holder(Home home) {
        return Instance.of(home)
                .filter(Instance::isRunning)
                .map(instance -> " (process " + instance.process().pid() + ")")
                .orElse("");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            return; // The process ends soon, and with it the lock.
        }
    }
}
