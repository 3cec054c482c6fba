package dev.leasehold.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {
    private static final Artifact ARTIFACT = new Artifact("0".repeat(64), 1);

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../config.json", "a/b", "a\\b", "/etc/passwd", ".hidden", "a\nb", "a\0b"})
    void aNameIsNeverAPath(String name) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new ModelFile(name, ARTIFACT, Path.of("x")))
                .withMessageContaining("is not a file name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model-00001-of-00002.safetensors", "A_b.c"})
    void theNamesOfTheHubAreFine(String name) {
        assertThat(new ModelFile(name, ARTIFACT, Path.of("x")).name()).isEqualTo(name);
    }
}
