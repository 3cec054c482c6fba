package dev.leasehold.deploy.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The lessor's tests and the runner's are held to the same messages. */
class ProtocolFilesTest {
    private static final Path OURS = Path.of("src", "test", "resources", "runner-protocol");
    private static final Path THEIRS = Path.of("..", "runner").resolve(OURS);

    @Test
    void bothSidesOfTheRunnersProtocolHaveTheSameMessages() throws IOException {
        assumeTrue(Files.isDirectory(THEIRS), "the runner's sources are not here");

        var ours = contents(OURS);
        var theirs = contents(THEIRS);

        assertThat(ours).isNotEmpty().isEqualTo(theirs);
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        var contents = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            files.forEach(file -> contents.put(file.getFileName().toString(), read(file)));
        }
        return contents;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
