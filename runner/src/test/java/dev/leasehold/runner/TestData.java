package dev.leasehold.runner;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds public test data beside the repository. Tests that need it are skipped where it is absent. */
public final class TestData {
    private TestData() {}

    /** A folder or file under {@code shared/data}, looked for from the working directory upwards. */
    public static Path find(String name) {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            var found = folder.resolve("shared/data").resolve(name);
            if (Files.exists(found)) {
                return found;
            }
        }
        assumeTrue(false, "shared/data/" + name + " is not here.");
        throw new AssertionError();
    }

    /** The files of a folder by name. */
    public static Map<String, Path> files(Path folder) {
        try (var files = Files.list(folder)) {
            return files.collect(Collectors.toMap(file -> file.getFileName().toString(), file -> file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
