package dev.leasehold.gateway.platform;

import dev.leasehold.gateway.admission.KeyText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The folder in which one installation keeps all that it must remember. */
public record Home(Path root) {
    private static final int SECRET_BYTES = 32;
    private static final Pattern HEX_SECRET = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern ANY_WORD = Pattern.compile("\\S+");
    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rw-------");

    public Home {
        root = root.toAbsolutePath().normalize();
    }

    public Path key() {
        return root.resolve("key");
    }

    public Path secret() {
        return root.resolve("secret");
    }

    public Path joinToken() {
        return root.resolve("join-token");
    }

    public Path installation() {
        return root.resolve("installation");
    }

    public Path postgres() {
        return root.resolve("postgres");
    }

    public Path agent(String name) {
        return root.resolve("agents").resolve(name);
    }

    public Path log(String process) {
        return root.resolve("logs").resolve(process + ".log");
    }

    /** The models that were offered to the user once, one id in a line: what they removed is not deployed again. */
    public Path offered() {
        return root.resolve("offered");
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path instance() {
        return root.resolve("up.properties");
    }

    /**
     * Makes what is missing, and takes from others what they could read. Call it while holding the home's lock.
     *
     * @throws PlatformException if the home cannot be written, or a file of it is damaged
     */
    public void prepare(SecureRandom random) {
        try {
            Files.createDirectories(root.resolve("logs"));
            Files.createDirectories(root.resolve("agents"));
            Files.createDirectories(postgres());
            once(key(), ANY_WORD, () -> KeyText.draw(random));
            once(secret(), HEX_SECRET, () -> hex(random));
            once(joinToken(), ANY_WORD, () -> hex(random));
            once(installation(), ANY_WORD, () -> UUID.randomUUID().toString());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    PlatformException unwritable(IOException cause) {
        return new PlatformException(
                "The folder " + root + " cannot be written (" + cause.getMessage()
                        + "). Make it writable, make room on its disk, or name another one with --home or"
                        + " LEASEHOLD_HOME.",
                cause);
    }

    private void once(Path file, Pattern form, Supplier<String> content) throws IOException {
        if (!Files.exists(file)) {
            replace(file, content.get() + "\n");
            return;
        }
        if (!form.matcher(Files.readString(file).strip()).matches()) {
            throw new PlatformException("The file " + file + " is damaged. Put a copy of it back; if there is none,"
                    + " remove the folder " + root + " to begin anew.");
        }
        if (!Files.getPosixFilePermissions(file).equals(OURS_ALONE)) {
            Files.setPosixFilePermissions(file, OURS_ALONE);
        }
    }

    /** Writes a file that only its owner can read, so that whoever reads it sees all of the old or all of the new. */
    static void replace(Path file, String content) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        var partial = Files.createTempFile(folder, "." + file.getFileName(), ".partial");
        try {
            try (var channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
                channel.force(true); // Else a loss of power may leave the new name with nothing in it.
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static String hex(SecureRandom random) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
