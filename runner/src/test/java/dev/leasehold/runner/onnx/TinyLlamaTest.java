package dev.leasehold.runner.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.leasehold.runner.checkpoint.LlamaConfigReader;
import dev.leasehold.runner.checkpoint.LlamaTensors;
import dev.leasehold.runner.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small model with random weights, held against plain Java that computes in double precision without a cache. */
class TinyLlamaTest {
    private static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 3,
             "num_attention_heads": 6, "num_key_value_heads": 2, "head_dim": %d, "vocab_size": 97,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "tie_word_embeddings": false,
             "rope_theta": 10000, "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1,
             "high_freq_factor": 4, "original_max_position_embeddings": 32}}""";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 16, 32})
    void prefillAndDecodeAgreeWithTheReference(int headDim) throws IOException {
        var configFile = Files.writeString(folder.resolve("config.json"), CONFIG.formatted(headDim));
        var config = LlamaConfigReader.read(configFile);
        var shapes = LlamaTensors.shapes(config);
        var tensors = randomTensors(shapes);
        var weights = SafetensorsFile.write(folder.resolve("model.safetensors"), shapes, tensors);
        var reference = new ReferenceLlama(config, tensors);
        var files = Map.of("config.json", configFile, "model.safetensors", weights);
        var tokens = new Random(5).ints(24, 0, 97).toArray();

        try (var session = LlamaSessions.open(config, files, new LlamaSession.Size(3, 64), 2, _ -> {})) {
            var logits = new float[3][97];
            session.prefill(1, 0, Arrays.copyOf(tokens, 9), logits[1]);
            assertClose(logits[1], reference.logits(Arrays.copyOf(tokens, 9)));
            session.prefill(1, 9, Arrays.copyOfRange(tokens, 9, 16), logits[1]);
            assertClose(logits[1], reference.logits(Arrays.copyOf(tokens, 16)));

            for (var at = 16; at < tokens.length; at++) {
                var other = at - 16;
                session.decode(new int[] {tokens[other], tokens[at], 0}, new int[] {other, at, 0}, logits);
                assertClose(logits[0], reference.logits(Arrays.copyOf(tokens, other + 1)));
                assertClose(logits[1], reference.logits(Arrays.copyOf(tokens, at + 1)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void logitsAreBitEqualForAnyChunksSlotAndNeighbours(int headDim) throws IOException {
        var configFile = Files.writeString(folder.resolve("config.json"), CONFIG.formatted(headDim));
        var config = LlamaConfigReader.read(configFile);
        var shapes = LlamaTensors.shapes(config);
        var weights = SafetensorsFile.write(folder.resolve("model.safetensors"), shapes, randomTensors(shapes));
        var files = Map.of("config.json", configFile, "model.safetensors", weights);
        var prompt = new Random(5).ints(24, 0, 97).toArray();

        try (var session = LlamaSessions.open(config, files, new LlamaSession.Size(8, 64), 2, _ -> {})) {
            var whole = new float[97];
            session.prefill(0, 0, prompt, whole);
            var alone = new float[8][97];
            session.decode(new int[] {7, 0}, new int[] {24, 0}, alone);

            for (var cut : new int[] {2, 5, 12, 22}) {
                var parts = new float[97];
                session.prefill(6, 0, Arrays.copyOf(prompt, cut), parts);
                session.prefill(6, cut, Arrays.copyOfRange(prompt, cut, 24), parts);
                assertThat(parts).containsExactly(whole);

                var among = new float[8][97];
                var neighbours = new Random(cut).ints(8, 0, 97).toArray();
                neighbours[6] = 7;
                session.decode(neighbours, new int[] {3, 0, 1, cut, 9, 2, 24, 0}, among);
                assertThat(among[6]).containsExactly(alone[0]);
            }
        }
    }

    private static Map<String, float[]> randomTensors(Map<String, long[]> shapes) {
        var random = new Random(11);
        var tensors = new LinkedHashMap<String, float[]>();
        shapes.forEach((name, shape) -> {
            var numbers = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (one, other) -> one * other))];
            for (var i = 0; i < numbers.length; i++) {
                numbers[i] = shape.length == 1 ? 1 + random.nextFloat() / 4 : (float) (random.nextGaussian() / 4);
            }
            tensors.put(name, numbers);
        });
        return tensors;
    }

    private static void assertClose(float[] logits, double[] expected) {
        for (var token = 0; token < expected.length; token++) {
            assertThat((double) logits[token]).isCloseTo(expected[token], within(1e-4));
        }
    }
}
