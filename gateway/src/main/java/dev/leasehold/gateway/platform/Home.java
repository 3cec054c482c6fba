package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;

/** The folder in which one installation keeps all that it must remember. */
public record Home(Path root) {
    private static final String KEY_PREFIX = "sk-lh-";
    private static final int KEY_LENGTH = 40;
    private static final int SECRET_BYTES = 32;
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

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

    /** Makes what is missing. Call it while holding the home's lock. */
    public void prepare(SecureRandom random) {
        try {
            Files.createDirectories(root.resolve("logs"));
            Files.createDirectories(root.resolve("agents"));
            Files.createDirectories(postgres());
            once(key(), () -> apiKey(random));
            once(secret(), () -> hex(random));
            once(joinToken(), () -> hex(random));
            once(installation(), () -> UUID.randomUUID().toString());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    PlatformException unwritable(IOException cause) {
        return new PlatformException(
                "The folder " + root + " cannot be written (" + cause.getMessage()
                        + "). Make it writable, or name another one with --home or LEASEHOLD_HOME.",
                cause);
    }

    private static void once(Path file, java.util.function.Supplier<String> content) throws IOException {
        if (!Files.exists(file)) {
            replace(file, content.get() + "\n");
        }
    }

    /** Writes a file that only its owner can read, so that whoever reads it sees all of the old or all of the new. */
    static void replace(Path file, String content) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        var partial = Files.createTempFile(folder, "." + file.getFileName(), ".partial");
        try {
            Files.writeString(partial, content);
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

    private static String apiKey(SecureRandom random) {
        var key = new StringBuilder(KEY_PREFIX);
        random.ints(KEY_LENGTH, 0, BASE62.length()).forEach(index -> key.append(BASE62.charAt(index)));
        return key.toString();
    }
}
