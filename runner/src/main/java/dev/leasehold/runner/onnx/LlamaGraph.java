package dev.leasehold.runner.onnx;

import static dev.leasehold.runner.checkpoint.LlamaTensors.ofLayer;

import dev.leasehold.runner.checkpoint.LlamaConfig;
import dev.leasehold.runner.checkpoint.LlamaTensors;
import dev.leasehold.runner.onnx.OnnxGraph.ElementType;
import dev.leasehold.runner.onnx.OnnxGraph.Operator;
import java.util.List;
import java.util.Map;

/**
 * Writes a model of the Llama family as an ONNX graph. Read {@link #build} first, it is the model from top to bottom.
 *
 * <p>Hidden states are a matrix with one row per token, {@code [batch * length, hidden]}. Weights keep their checkpoint
 * names and layout, {@code [out, in]}. Keys and values live in buffers that the session owns: each layer takes them as
 * {@code past} and gives the same memory back as {@code present}, one token longer per row.
 */
final class LlamaGraph {
    static final String TOKENS = "tokens";
    static final String LAST_POSITIONS = "last_positions";
    static final String LENGTH_MAX = "length_max";
    static final String PICK = "pick";
    static final String LOGITS = "logits";
    static final String COSINES = "rotary.cosines";
    static final String SINES = "rotary.sines";

    private static final Operator GATHER = Operator.standard("Gather");
    private static final Operator RESHAPE = Operator.standard("Reshape");
    private static final Operator MULTIPLY = Operator.standard("Mul");

    /** The new hidden state, and the sum of everything so far that the next layer adds to. */
    private record Normed(String state, String residual) {}

    private final LlamaConfig config;
    private final float attentionScale;
    private final int contextLength;
    private final OnnxGraph graph;

    /** @param attentionScale by which the product of query and key is multiplied */
    LlamaGraph(LlamaConfig config, float attentionScale, int contextLength, String weightsFile) {
        this.config = config;
        this.attentionScale = attentionScale;
        this.contextLength = contextLength;
        this.graph = new OnnxGraph(weightsFile);
    }

    byte[] build() {
        declareInputs();
        LlamaTensors.shapes(config).forEach(graph::weight);
        graph.weight(COSINES, contextLength, config.headDim() / 2);
        graph.weight(SINES, contextLength, config.headDim() / 2);

        var embedded = rows(graph.node(GATHER, LlamaTensors.EMBEDDING, TOKENS));
        var normed = new Normed(norm(embedded, ofLayer(0, "input_layernorm")), embedded);
        for (var layer = 0; layer < config.layers(); layer++) {
            var attended = attention(normed.state(), layer);
            normed = addAndNorm(attended, normed.residual(), ofLayer(layer, "post_attention_layernorm"));
            var transformed = feedForward(normed.state(), layer);
            normed = addAndNorm(transformed, normed.residual(), normAfter(layer));
        }
        var picked = graph.node(GATHER, normed.state(), PICK);
        graph.node(linear(), List.of(picked, LlamaTensors.head(config)), List.of(LOGITS));
        graph.output(LOGITS, ElementType.FLOAT, "picked", config.vocabularySize());
        return graph.toBytes();
    }

    private void declareInputs() {
        graph.input(TOKENS, ElementType.INT64, "batch", "length");
        graph.input(LAST_POSITIONS, ElementType.INT32, "batch");
        graph.input(LENGTH_MAX, ElementType.INT32);
        graph.input(PICK, ElementType.INT64, "picked");
        graph.constant("as_rows", -1, config.hiddenSize());
        graph.constant("heads_as_rows", -1, config.queryWidth());
        graph.constant("rest", -1);
        graph.node(Operator.standard("Shape"), List.of(TOKENS), List.of("batch_and_length"));
        graph.node(
                new Operator("", "Concat", Map.of("axis", 0)),
                List.of("batch_and_length", "rest"),
                List.of("as_batch"));
    }

    private String normAfter(int layer) {
        return layer + 1 < config.layers() ? ofLayer(layer + 1, "input_layernorm") : LlamaTensors.NORM;
    }

    private String attention(String state, int layer) {
        var query = batch(linear(state, ofLayer(layer, "self_attn.q_proj")));
        var key = batch(linear(state, ofLayer(layer, "self_attn.k_proj")));
        var value = batch(linear(state, ofLayer(layer, "self_attn.v_proj")));
        var pastKeys = cache("past.keys.", layer);
        var pastValues = cache("past.values.", layer);
        var presentKeys = "present.keys." + layer;
        var presentValues = "present.values." + layer;
        var attended = "attended." + layer;
        graph.node(
                attentionOperator(),
                List.of(query, key, value, pastKeys, pastValues, LAST_POSITIONS, LENGTH_MAX, COSINES, SINES),
                List.of(attended, presentKeys, presentValues));
        graph.output(presentKeys, ElementType.FLOAT, cacheShape());
        graph.output(presentValues, ElementType.FLOAT, cacheShape());
        var heads = graph.node(RESHAPE, attended, "heads_as_rows");
        return linear(heads, ofLayer(layer, "self_attn.o_proj"));
    }

    /** Turns queries and keys by their position, appends to the cache, and attends to all that is in it. */
    private Operator attentionOperator() {
        var attributes = Map.<String, Number>of(
                "num_heads", config.heads(), "kv_num_heads", config.kvHeads(), "do_rotary", 1, "scale", attentionScale);
        return new Operator(OnnxGraph.MICROSOFT, "GroupQueryAttention", attributes);
    }

    private String cache(String prefix, int layer) {
        return graph.input(prefix + layer, ElementType.FLOAT, cacheShape());
    }

    private Object[] cacheShape() {
        return new Object[] {"batch", config.kvHeads(), contextLength, config.headDim()};
    }

    /** SwiGLU: what one projection holds open passes of the other, and is projected back. */
    private String feedForward(String state, int layer) {
        var gate = linear(state, ofLayer(layer, "mlp.gate_proj"));
        var up = linear(state, ofLayer(layer, "mlp.up_proj"));
        var open = graph.node(MULTIPLY, gate, graph.node(Operator.standard("Sigmoid"), gate));
        return linear(graph.node(MULTIPLY, open, up), ofLayer(layer, "mlp.down_proj"));
    }

    private String norm(String state, String scale) {
        var attributes = Map.<String, Number>of("axis", -1, "epsilon", config.normEpsilon());
        return graph.node(new Operator("", "SimplifiedLayerNormalization", attributes), state, scale);
    }

    private Normed addAndNorm(String state, String residual, String scale) {
        var operator = new Operator(
                OnnxGraph.MICROSOFT, "SkipSimplifiedLayerNormalization", Map.of("epsilon", config.normEpsilon()));
        var normed = new Normed(scale + ".normed", scale + ".residual");
        graph.node(operator, List.of(state, residual, scale), List.of(normed.state(), "", "", normed.residual()));
        return normed;
    }

    private String linear(String rows, String weight) {
        return graph.node(linear(), rows, weight);
    }

    /** Multiplies by a transposed matrix, which is how checkpoints keep them. */
    private static Operator linear() {
        return new Operator("", "Gemm", Map.of("transB", 1));
    }

    private String rows(String batch) {
        return graph.node(RESHAPE, batch, "as_rows");
    }

    private String batch(String rows) {
        return graph.node(RESHAPE, rows, "as_batch");
    }
}
