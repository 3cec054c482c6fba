package dev.leasehold.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class StateFileTest {
    @Test
    void itIsTheDocumentOfTheProtocolAndItsOwnersAlone(@TempDir Path folder) throws Exception {
        var file = folder.resolve("run/state.json");

        new StateFile(file).write(7, 1, UUID.randomUUID());
        new StateFile(file).write(71, 40_123, UUID.fromString("0a4f2b7e-51c5-4d0b-8f7e-3b2f6f2a9c11"));

        var json = new JsonMapper();
        try (var expected = StateFileTest.class.getResourceAsStream("/runner-protocol/state-file.json")) {
            assertThat(json.readTree(Files.readAllBytes(file))).isEqualTo(json.readTree(expected));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file.getParent()).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**.tmp");
    }
}
