package dev.leasehold.catalog.fit;

import dev.leasehold.catalog.artifact.ModelFile;
import dev.leasehold.catalog.artifact.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What of a model takes memory.
 *
 * @param parameters numbers in its weights
 * @param cacheFloatsPerToken numbers that a token of a sequence leaves in the key-value cache; 0 for an encoder
 * @param contextLength the most tokens that it was made for
 */
public record ModelShape(long parameters, long cacheFloatsPerToken, int contextLength) {
    private static final String WEIGHTS = ".safetensors";
    private static final int HEADER_BYTES_MAX = 64 << 20;
    private static final Map<String, Integer> BYTES_OF = Map.of("F32", 4, "F16", 2, "BF16", 2, "F64", 8, "I8", 1);
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads the shape from a model's files: the configuration and the heads of its weights.
     *
     * @throws IllegalArgumentException if they are not a model's; the message names the file
     */
    public static ModelShape of(ModelFiles files, int contextLength) {
        try {
            long parameters = 0;
            for (var file : files.files()) {
                parameters += parametersOf(file);
            }
            return new ModelShape(parameters, cacheFloatsPerToken(files), contextLength);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long parametersOf(ModelFile file) throws IOException {
        if (file.name().endsWith(".onnx")) {
            // Counted as if its bytes were floats: what ONNX Runtime keeps is about the file itself.
            return Math.ceilDiv(file.artifact().sizeBytes(), Float.BYTES);
        }
        if (!file.name().endsWith(WEIGHTS)) {
            return 0;
        }
        long parameters = 0;
        for (var tensor : header(file).properties()) {
            if (!tensor.getKey().equals("__metadata__")) {
                parameters += numbersOf(file, tensor.getValue());
            }
        }
        return parameters;
    }

    private static long numbersOf(ModelFile file, JsonNode tensor) {
        var offsets = tensor.path("data_offsets");
        long bytes = offsets.path(1).asLong(0) - offsets.path(0).asLong(0);
        if (bytes < 0 || bytes > file.artifact().sizeBytes()) {
            throw new IllegalArgumentException("A tensor of " + file.name() + " lies outside of the file.");
        }
        return bytes / BYTES_OF.getOrDefault(tensor.path("dtype").asString(""), 1);
    }

    private static JsonNode header(ModelFile file) throws IOException {
        try (var in = FileChannel.open(file.path())) {
            long length =
                    read(in, file, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (length < 2 || length > HEADER_BYTES_MAX || length > in.size()) {
                throw new IllegalArgumentException(
                        file.name() + " is not a safetensors file: its head is " + length + " bytes long.");
            }
            return JSON.readTree(read(in, file, (int) length).array());
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file.name() + " is not a safetensors file: its head is not JSON.", e);
        }
    }

    private static ByteBuffer read(FileChannel in, ModelFile file, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
                throw new IllegalArgumentException(file.name() + " ends within its head.");
            }
        }
        return bytes.flip();
    }

    private static long cacheFloatsPerToken(ModelFiles files) throws IOException {
        var file = files.find("config.json");
        if (file.isEmpty()) {
            return 0;
        }
        var config = JSON.readTree(Files.readAllBytes(file.get().path()));
        if (!config.path("architectures").path(0).asString("").endsWith("ForCausalLM")) {
            return 0;
        }
        long layers = config.path("num_hidden_layers").asLong(0);
        long heads = config.path("num_attention_heads").asLong(0);
        if (layers < 1 || heads < 1) {
            throw new IllegalArgumentException("config.json has no num_hidden_layers or no num_attention_heads.");
        }
        long cacheHeads = config.path("num_key_value_heads").asLong(heads);
        long headSize =
                config.path("head_dim").asLong(config.path("hidden_size").asLong(0) / heads);
        return 2 * layers * cacheHeads * headSize;
    }
}
