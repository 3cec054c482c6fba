package dev.leasehold.runner.onnx;

import static dev.leasehold.runner.checkpoint.LlamaTensors.ofLayer;

import dev.leasehold.runner.checkpoint.LlamaConfig;
import dev.leasehold.runner.checkpoint.LlamaTensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** The Llama model as its paper has it: every token anew, in double precision. Slow, and easy to check by eye. */
final class ReferenceLlama {
    private final LlamaConfig config;
    private final Map<String, float[]> tensors;

    ReferenceLlama(LlamaConfig config, Map<String, float[]> tensors) {
        this.config = config;
        this.tensors = tensors;
    }

    /** The scores of what follows the last token. */
    double[] logits(int[] tokens) {
        var states = new double[tokens.length][config.hiddenSize()];
        for (var at = 0; at < tokens.length; at++) {
            for (var i = 0; i < config.hiddenSize(); i++) {
                states[at][i] = weight(LlamaTensors.EMBEDDING)[tokens[at] * config.hiddenSize() + i];
            }
        }
        for (var layer = 0; layer < config.layers(); layer++) {
            attend(states, layer);
            transform(states, layer);
        }
        return multiply(LlamaTensors.head(config), norm(states[tokens.length - 1], LlamaTensors.NORM));
    }

    private void attend(double[][] states, int layer) {
        var keys = new double[states.length][];
        var values = new double[states.length][];
        var queries = new double[states.length][];
        for (var at = 0; at < states.length; at++) {
            var normed = norm(states[at], ofLayer(layer, "input_layernorm"));
            queries[at] = turned(multiply(ofLayer(layer, "self_attn.q_proj"), normed), at);
            keys[at] = turned(multiply(ofLayer(layer, "self_attn.k_proj"), normed), at);
            values[at] = multiply(ofLayer(layer, "self_attn.v_proj"), normed);
        }
        for (var at = 0; at < states.length; at++) {
            var heads = new double[config.queryWidth()];
            for (var head = 0; head < config.heads(); head++) {
                attendHead(head, queries[at], Arrays.copyOf(keys, at + 1), values, heads);
            }
            add(states[at], multiply(ofLayer(layer, "self_attn.o_proj"), heads));
        }
    }

    private void attendHead(int head, double[] query, double[][] keys, double[][] values, double[] out) {
        var from = head * config.headDim();
        var shared = head / (config.heads() / config.kvHeads()) * config.headDim();
        var scores = new double[keys.length];
        var sum = 0.0;
        for (var other = 0; other < keys.length; other++) {
            var product = 0.0;
            for (var i = 0; i < config.headDim(); i++) {
                product += query[from + i] * keys[other][shared + i];
            }
            scores[other] = Math.exp(product / Math.sqrt(config.headDim()));
            sum += scores[other];
        }
        for (var other = 0; other < keys.length; other++) {
            for (var i = 0; i < config.headDim(); i++) {
                out[from + i] += scores[other] / sum * values[other][shared + i];
            }
        }
    }

    private double[] turned(double[] heads, int position) {
        var half = config.headDim() / 2;
        var turned = heads.clone();
        for (var from = 0; from < heads.length; from += config.headDim()) {
            for (var i = 0; i < half; i++) {
                var angle = position * frequency(i);
                var one = heads[from + i];
                var other = heads[from + half + i];
                turned[from + i] = one * Math.cos(angle) - other * Math.sin(angle);
                turned[from + half + i] = other * Math.cos(angle) + one * Math.sin(angle);
            }
        }
        return turned;
    }

    /** With Llama 3's scaling, said by wave lengths. */
    private double frequency(int pair) {
        var plain = 1 / Math.pow(config.ropeTheta(), (double) (2 * pair) / config.headDim());
        var scaling = config.ropeScaling().orElseThrow();
        var wave = 2 * Math.PI / plain;
        if (wave > scaling.originalPositions() / scaling.lowFactor()) {
            return plain / scaling.factor();
        }
        if (wave < scaling.originalPositions() / scaling.highFactor()) {
            return plain;
        }
        var smooth = (scaling.originalPositions() / wave - scaling.lowFactor())
                / (scaling.highFactor() - scaling.lowFactor());
        return (1 - smooth) * plain / scaling.factor() + smooth * plain;
    }

    private void transform(double[][] states, int layer) {
        for (var state : states) {
            var normed = norm(state, ofLayer(layer, "post_attention_layernorm"));
            var gate = multiply(ofLayer(layer, "mlp.gate_proj"), normed);
            var up = multiply(ofLayer(layer, "mlp.up_proj"), normed);
            for (var i = 0; i < gate.length; i++) {
                gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            }
            add(state, multiply(ofLayer(layer, "mlp.down_proj"), gate));
        }
    }

    private double[] norm(double[] state, String scale) {
        var squares = 0.0;
        for (var number : state) {
            squares += number * number;
        }
        var root = Math.sqrt(squares / state.length + config.normEpsilon());
        var normed = new double[state.length];
        for (var i = 0; i < state.length; i++) {
            normed[i] = state[i] / root * weight(scale)[i];
        }
        return normed;
    }

    private double[] multiply(String name, double[] vector) {
        var matrix = weight(name);
        var product = new double[matrix.length / vector.length];
        for (var row = 0; row < product.length; row++) {
            for (var i = 0; i < vector.length; i++) {
                product[row] += matrix[row * vector.length + i] * vector[i];
            }
        }
        return product;
    }

    private float[] weight(String name) {
        return Objects.requireNonNull(tensors.get(name));
    }

    private static void add(double[] state, double[] more) {
        for (var i = 0; i < state.length; i++) {
            state[i] += more[i];
        }
    }
}
