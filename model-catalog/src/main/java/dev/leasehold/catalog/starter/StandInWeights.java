package dev.leasehold.catalog.starter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/**
 * Random weights that write letters about as often as English does. Dimension 0 carries how likely a token is: no layer
 * writes to it, and the last norm makes it louder than the noise in the others.
 */
final class StandInWeights {
    private static final long SEED = 20_261_124;
    private static final String BY_FREQUENCY = " etaoinshrdlucmfwypvbgkjxqz";
    /** How strongly dimension 0 counts in the last norm, and the value it has there. */
    private static final double BIAS_GAIN = 4;

    private static final double BIAS_VALUE = 6.3;
    private static final double LOG_RARE = -20;
    private static final double LOG_END = -3.5;
    private static final double LOG_PUNCTUATION = -5;

    private final Random random = new Random(SEED);
    private final Map<String, float[]> tensors = new LinkedHashMap<>();
    private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();

    byte[] safetensors() {
        embedding();
        for (int layer = 0; layer < StandIn.LAYERS; layer++) {
            layer("model.layers." + layer + ".");
        }
        lastNorm();
        return encode();
    }

    private void embedding() {
        var values = gaussian(StandIn.VOCABULARY * StandIn.HIDDEN, 0.1);
        for (int token = 0; token < StandIn.VOCABULARY; token++) {
            values[token * StandIn.HIDDEN] = (float) (1 + logProbability(token) / (BIAS_GAIN * BIAS_VALUE));
        }
        put("model.embed_tokens.weight", values, StandIn.VOCABULARY, StandIn.HIDDEN);
    }

    private static double logProbability(int token) {
        if (token == StandIn.MESSAGE_END) {
            return LOG_END;
        }
        int rank = token < ByteVocabulary.BYTES ? BY_FREQUENCY.indexOf((char) token) : -1;
        if (rank >= 0) {
            return -1.8 - rank * 0.17;
        }
        return token == '.' || token == ',' || token == '\n' ? LOG_PUNCTUATION : LOG_RARE;
    }

    private void layer(String prefix) {
        int keyValue = StandIn.KEY_VALUE_HEADS * StandIn.HIDDEN / StandIn.HEADS;
        ones(prefix + "input_layernorm.weight");
        matrix(prefix + "self_attn.q_proj.weight", StandIn.HIDDEN, StandIn.HIDDEN, 0.1);
        matrix(prefix + "self_attn.k_proj.weight", keyValue, StandIn.HIDDEN, 0.1);
        matrix(prefix + "self_attn.v_proj.weight", keyValue, StandIn.HIDDEN, 0.1);
        intoResidual(prefix + "self_attn.o_proj.weight", StandIn.HIDDEN);
        ones(prefix + "post_attention_layernorm.weight");
        matrix(prefix + "mlp.gate_proj.weight", StandIn.INTERMEDIATE, StandIn.HIDDEN, 0.1);
        matrix(prefix + "mlp.up_proj.weight", StandIn.INTERMEDIATE, StandIn.HIDDEN, 0.1);
        intoResidual(prefix + "mlp.down_proj.weight", StandIn.INTERMEDIATE);
    }

    /** Signs at random: a token's own vector must not make it follow itself, though the embedding is tied. */
    private void lastNorm() {
        var values = new float[StandIn.HIDDEN];
        values[0] = (float) BIAS_GAIN;
        for (int index = 1; index < values.length; index++) {
            values[index] = random.nextBoolean() ? 2 : -2;
        }
        put("model.norm.weight", values, StandIn.HIDDEN);
    }

    private void ones(String name) {
        var values = new float[StandIn.HIDDEN];
        Arrays.fill(values, 1);
        put(name, values, StandIn.HIDDEN);
    }

    private void matrix(String name, int rows, int columns, double deviation) {
        put(name, gaussian(rows * columns, deviation), rows, columns);
    }

    /** Leaves dimension 0 as it is. */
    private void intoResidual(String name, int columns) {
        var values = gaussian(StandIn.HIDDEN * columns, 0.02);
        Arrays.fill(values, 0, columns, 0);
        put(name, values, StandIn.HIDDEN, columns);
    }

    private float[] gaussian(int count, double deviation) {
        var values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }

    private void put(String name, float[] values, Integer... shape) {
        tensors.put(name, values);
        shapes.put(name, List.of(shape));
    }

    private byte[] encode() {
        var header = new LinkedHashMap<String, Object>();
        int end = 0;
        for (var tensor : tensors.entrySet()) {
            int begin = end;
            end += tensor.getValue().length * Float.BYTES;
            var shape = shapes.getOrDefault(tensor.getKey(), List.of());
            header.put(
                    tensor.getKey(),
                    Ordered.map(
                            Map.entry("dtype", "F32"),
                            Map.entry("shape", shape),
                            Map.entry("data_offsets", List.of(begin, end))));
        }
        var text = new JsonMapper().writeValueAsString(header);
        // The data begins at a multiple of eight.
        var head = (text + " ".repeat((8 - text.length() % 8) % 8)).getBytes(UTF_8);
        var bytes = ByteBuffer.allocate(Long.BYTES + head.length + end).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(head.length).put(head);
        tensors.values().forEach(values -> {
            for (float value : values) {
                bytes.putFloat(value);
            }
        });
        return bytes.array();
    }
}
