package dev.leasehold.gateway.platform;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, unpacked once from the archive on our classpath. */
final class PostgresBinaries {
    private static final Pattern VERSION = Pattern.compile("-(\\d+(?:\\.\\d+)*)\\.jar!");
    private static final int OWNER_MAY_EXECUTE = 0100;

    private PostgresBinaries() {}

    /** Gives the folder with {@code bin}, {@code lib} and {@code share}. Call it while holding the home's lock. */
    static Path unpack(Path into) {
        var archive = archive();
        var folder = into.resolve("bin-" + version(archive));
        try {
            if (!Files.isDirectory(folder)) {
                var partial = into.resolve(folder.getFileName() + ".partial");
                Folders.delete(partial);
                unpack(archive, Files.createDirectories(partial));
                Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            return folder;
        } catch (IOException e) {
            throw new PlatformException(
                    "PostgreSQL could not be unpacked into " + into + " (" + e.getMessage()
                            + "). Is the disk full, or the folder not writable?",
                    e);
        }
    }

    private static URL archive() {
        var architecture = System.getProperty("os.arch");
        var name = switch (architecture) {
            case "amd64", "x86_64" -> "/postgres-linux-x86_64.txz";
            case "aarch64", "arm64" -> "/postgres-linux-arm_64.txz";
            default -> throw none(architecture);
        };
        var archive = PostgresBinaries.class.getResource(name);
        if (archive == null || !System.getProperty("os.name").equals("Linux")) {
            throw none(System.getProperty("os.name") + " on " + architecture);
        }
        return archive;
    }

    private static PlatformException none(String machine) {
        return new PlatformException("No PostgreSQL is packed for " + machine
                + ". Start one yourself and name it with --database-url jdbc:postgresql://...");
    }

    private static String version(URL archive) {
        var version = VERSION.matcher(archive.toString());
        return version.find() ? version.group(1) : "unversioned";
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        try (var packed = new BufferedInputStream(archive.openStream());
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, folder);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder) throws IOException {
        var target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("the archive names a file outside of its folder");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, target);
        var executable = (entry.getMode() & OWNER_MAY_EXECUTE) != 0;
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
