package dev.leasehold.deploy.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** An agent's folder, which is held by one process at a time. */
final class AgentHome implements AutoCloseable {
    private final Path folder;
    private final FileChannel lock;
    private Identity identity;

    /** Who this agent is, and whose: the installation that it first registered with. */
    private record Identity(UUID agent, @Nullable UUID installation) {}

    private AgentHome(Path folder, FileChannel lock, Identity identity) {
        this.folder = folder;
        this.lock = lock;
        this.identity = identity;
    }

    /** Takes the folder, or says why it cannot be had. A new one gets an identity. */
    static AgentHome open(Path folder, Supplier<UUID> ids) {
        try {
            Files.createDirectories(folder.resolve("leases"));
            Files.createDirectories(folder.resolve("cache"));
            var lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isHeldByUs(lock)) {
                lock.close();
                throw new AgentException("Another agent runs with the home " + folder
                        + ". Stop it first, or start this one with another --name and --home.");
            }
            return new AgentHome(folder, lock, identity(folder.resolve("identity.json"), ids));
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private static boolean isHeldByUs(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    private static Identity identity(Path file, Supplier<UUID> ids) throws IOException {
        if (!Files.exists(file)) {
            DurableFiles.write(file, AgentMessages.write(new Identity(ids.get(), null)));
        }
        try {
            return AgentMessages.read(Files.readAllBytes(file), Identity.class);
        } catch (JacksonException e) {
            throw new AgentException(
                    "The agent's identity in " + file + " cannot be read. Delete the file if nothing runs here.", e);
        }
    }

    UUID agent() {
        return identity.agent();
    }

    Optional<UUID> installation() {
        return Optional.ofNullable(identity.installation());
    }

    void belongTo(UUID installation) {
        try {
            var next = new Identity(identity.agent(), installation);
            DurableFiles.write(folder.resolve("identity.json"), AgentMessages.write(next));
            identity = next;
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    Path folder() {
        return folder;
    }

    Path cache() {
        return folder.resolve("cache");
    }

    LeaseFolder lease(UUID lease) {
        return new LeaseFolder(folder.resolve("leases").resolve(lease.toString()), lease);
    }

    List<LeaseFolder> leases() {
        try (var entries = Files.newDirectoryStream(folder.resolve("leases"), Files::isDirectory)) {
            var found = new ArrayList<LeaseFolder>();
            for (var entry : entries) {
                lease(entry).ifPresent(found::add);
            }
            return found;
        } catch (IOException | DirectoryIteratorException e) {
            throw unusable(folder, e);
        }
    }

    private static Optional<LeaseFolder> lease(Path entry) {
        try {
            return Optional.of(new LeaseFolder(entry, UUID.fromString(String.valueOf(entry.getFileName()))));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static AgentException unusable(Path folder, Exception cause) {
        return new AgentException(
                "The agent cannot use its home " + folder + " (" + cause.getMessage()
                        + "). Check its owner and the space on its disk, or choose another --home.",
                cause);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException _) {
            return; // The process ends, and with it the lock.
        }
    }
}
