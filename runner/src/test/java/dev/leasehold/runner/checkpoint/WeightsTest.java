package dev.leasehold.runner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
    private static final String NAME = "model.safetensors";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"F32,0000c03f000000c0", "F16,003e00c0", "BF16,c03f00c0"})
    void everyPrecisionIsReadAsFloats(String type, String hex) throws IOException {
        var data = HexFormat.of().parseHex(hex);
        var header = "{\"a\":{\"dtype\":\"%s\",\"shape\":[2],\"data_offsets\":[0,%d]}}".formatted(type, data.length);

        try (var weights = open(header, data)) {
            var floats = weights.floats("a").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            assertThat(floats).containsExactly(1.5f, -2f);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|cut off: a ends at byte",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,4]}}|contradicts itself about a",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|contradicts itself about a",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}|contradicts itself about a",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}|contradicts itself",
                "{\"a\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4]}}|holds a as I8",
                "[]|is not a JSON object",
                "{\"a\":|is not valid JSON"
            })
    void aDamagedFileIsNamedWithWhatIsWrong(String header, String complaint) {
        assertThatThrownBy(() -> open(header, new byte[4]))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(NAME)
                .hasMessageContaining(complaint);
    }

    @Test
    void aFileWithoutAHeaderIsRefused() throws IOException {
        var file = Files.write(folder.resolve(NAME), new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, 0});

        assertThatThrownBy(() -> Weights.open(Map.of(NAME, file))).hasMessageContaining("is not a safetensors file");
    }

    @Test
    void aMissingTensorAndAWrongShapeAreNamed() throws IOException {
        var header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";

        try (var weights = open(header, new byte[4])) {
            assertThatThrownBy(() -> weights.require(Map.of("b", new long[] {1})))
                    .hasMessageContaining("lack b");
            assertThatThrownBy(() -> weights.require(Map.of("a", new long[] {2})))
                    .hasMessageContaining("a in model.safetensors has the shape [1]")
                    .hasMessageContaining("[2]");
        }
    }

    @Test
    void aShardThatTheIndexNamesMustBeThere() throws IOException {
        var index = Files.writeString(folder.resolve("index"), "{\"weight_map\":{\"a\":\"model-00002.safetensors\"}}");

        assertThatThrownBy(() -> Weights.open(Map.of("model.safetensors.index.json", index)))
                .hasMessageContaining("model-00002.safetensors, which is not there");
    }

    private Weights open(String header, byte[] data) throws IOException {
        return Weights.open(Map.of(NAME, SafetensorsFile.write(folder.resolve(NAME), header, data)));
    }
}
