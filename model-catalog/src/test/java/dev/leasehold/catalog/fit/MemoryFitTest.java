package dev.leasehold.catalog.fit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.leasehold.catalog.artifact.Artifact;
import dev.leasehold.catalog.artifact.ArtifactSources;
import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.catalog.artifact.ModelFile;
import dev.leasehold.catalog.artifact.ModelFiles;
import dev.leasehold.catalog.model.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryFitTest {
    @TempDir
    Path temp;

    @Test
    void theNeedIsTheSumOfItsLines() {
        // Llama 3.2 1B: 16 layers, 8 key-value heads of 64.
        var shape = new ModelShape(1_235_814_400L, 2 * 16 * 8 * 64, 131_072);

        var estimate = MemoryFit.estimate(shape, 4096, 8);

        assertThat(estimate.lines()).extracting(MemoryFit.Line::bytes).startsWith(4_943_257_600L, 2_147_483_648L);
        assertThat(estimate.totalBytes())
                .isEqualTo(estimate.lines().stream()
                        .mapToLong(MemoryFit.Line::bytes)
                        .sum());
        assertThat(estimate.explain()).contains("4,944 MB for the weights").contains("8 sequences");
    }

    @Test
    void aContextLongerThanTheModelsTakesNoMore() {
        var shape = new ModelShape(1000, 64, 512);

        assertThat(MemoryFit.estimate(shape, 100_000, 2)).isEqualTo(MemoryFit.estimate(shape, 512, 2));
    }

    @Test
    void theStandInsShapeIsReadFromItsFiles() {
        var model = Catalog.builtIn().resolve("starter-chat");
        var files = new ArtifactSources(new ArtifactStore(temp)).open(model);

        var shape = ModelShape.of(files, model.contextLength());

        assertThat(shape.parameters()).isBetween(80_000L, 100_000L);
        assertThat(shape.cacheFloatsPerToken()).isEqualTo(2 * 2 * 2 * 16);
    }

    @Test
    void anEncoderHasNoCache() {
        var model = Catalog.builtIn().resolve("all-minilm-l6-v2");
        var files = new ArtifactSources(new ArtifactStore(temp)).open(model);

        var shape = ModelShape.of(files, model.contextLength());

        assertThat(shape.cacheFloatsPerToken()).isZero();
        assertThat(shape.parameters() * Float.BYTES).isBetween(22_000_000L, 24_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1234567", "\377\377\377\377\377\377\377\377", "\2\0\0\0\0\0\0\0", "\2\0\0\0\0\0\0\0{]"})
    void weightsThatAreNoneAreNamed(String content) throws IOException {
        var path = Files.write(temp.resolve("model.safetensors"), content.getBytes(ISO_8859_1));
        var file = new ModelFile("model.safetensors", new Artifact("0".repeat(64), content.length()), path);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ModelShape.of(new ModelFiles(List.of(file)), 1))
                .withMessageContaining("model.safetensors");
    }
}
