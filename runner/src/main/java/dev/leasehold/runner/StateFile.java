package dev.leasehold.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** Tells whoever started this runner where it listens. */
record StateFile(Path path) {
    /** By rename, so that a reader never sees half of it; readable by its owner alone. */
    void write(long pid, int port, UUID boot) throws IOException {
        var folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var fresh = Files.createTempFile(folder, "runner", ".tmp", permissions);
        var text = "{\"pid\": " + pid + ", \"port\": " + port + ", \"boot\": \"" + boot + "\"}\n";
        Files.write(fresh, text.getBytes(UTF_8));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
