package dev.leasehold.runner.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/** The names of a Llama checkpoint's tensors, and the shapes that its config.json asks of them. */
public final class LlamaTensors {
    public static final String EMBEDDING = "model.embed_tokens.weight";
    public static final String NORM = "model.norm.weight";
    public static final String HEAD = "lm_head.weight";

    private LlamaTensors() {}

    /** Such as {@code model.layers.3.self_attn.q_proj.weight}. */
    public static String ofLayer(int layer, String part) {
        return "model.layers." + layer + "." + part + ".weight";
    }

    /** The tensor that turns the last hidden state into logits. */
    public static String head(LlamaConfig config) {
        return config.tiedHead() ? EMBEDDING : HEAD;
    }

    public static Map<String, long[]> shapes(LlamaConfig config) {
        var hidden = config.hiddenSize();
        var shapes = new LinkedHashMap<String, long[]>();
        shapes.put(EMBEDDING, shape(config.vocabularySize(), hidden));
        for (var layer = 0; layer < config.layers(); layer++) {
            shapes.put(ofLayer(layer, "input_layernorm"), shape(hidden));
            shapes.put(ofLayer(layer, "self_attn.q_proj"), shape(config.queryWidth(), hidden));
            shapes.put(ofLayer(layer, "self_attn.k_proj"), shape(config.kvWidth(), hidden));
            shapes.put(ofLayer(layer, "self_attn.v_proj"), shape(config.kvWidth(), hidden));
            shapes.put(ofLayer(layer, "self_attn.o_proj"), shape(hidden, config.queryWidth()));
            shapes.put(ofLayer(layer, "post_attention_layernorm"), shape(hidden));
            shapes.put(ofLayer(layer, "mlp.gate_proj"), shape(config.intermediateSize(), hidden));
            shapes.put(ofLayer(layer, "mlp.up_proj"), shape(config.intermediateSize(), hidden));
            shapes.put(ofLayer(layer, "mlp.down_proj"), shape(hidden, config.intermediateSize()));
        }
        shapes.put(NORM, shape(hidden));
        shapes.put(head(config), shape(config.vocabularySize(), hidden));
        return shapes;
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }
}
