package dev.leasehold.runner.checkpoint;

import dev.leasehold.runner.checkpoint.LlamaConfig.RopeScaling;
import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads config.json, and refuses what the graph builder cannot build. */
public final class LlamaConfigReader {
    private static final Set<String> ARCHITECTURES = Set.of("LlamaForCausalLM", "MistralForCausalLM");
    private static final double ROPE_THETA = 10_000;
    private static final double NORM_EPSILON = 1e-6;

    private LlamaConfigReader() {}

    /**
     * Reads the shape of a model.
     *
     * @throws ModelException if the model is not of the Llama family, or has a feature that is not supported
     */
    public static LlamaConfig read(Path configJson) {
        return parse(JsonFiles.readObject("config.json", configJson));
    }

    static LlamaConfig parse(JsonNode config) {
        refuseOthers(config);
        var heads = required(config, "num_attention_heads");
        var hiddenSize = required(config, "hidden_size");
        return new LlamaConfig(
                hiddenSize,
                required(config, "intermediate_size"),
                required(config, "num_hidden_layers"),
                heads,
                optional(config, "num_key_value_heads", heads),
                optional(config, "head_dim", hiddenSize / Math.max(heads, 1)),
                required(config, "vocab_size"),
                required(config, "max_position_embeddings"),
                (float) config.path("rms_norm_eps").asDouble(NORM_EPSILON),
                config.path("tie_word_embeddings").asBoolean(false),
                rope(config)
                        .path("rope_theta")
                        .asDouble(config.path("rope_theta").asDouble(ROPE_THETA)),
                scaling(config));
    }

    private static void refuseOthers(JsonNode config) {
        var architecture = config.path("architectures").path(0).asString("");
        if (!ARCHITECTURES.contains(architecture)) {
            throw new ModelException("config.json names the architecture \"" + architecture + "\"; supported are "
                    + String.join(" and ", ARCHITECTURES.stream().sorted().toList()) + ".");
        }
        refuse(config.path("attention_bias").asBoolean(false), "attention_bias is not supported");
        refuse(config.path("mlp_bias").asBoolean(false), "mlp_bias is not supported");
        refuse(config.hasNonNull("sliding_window"), "a sliding window is not supported");
        refuse(config.hasNonNull("quantization_config"), "quantized checkpoints are not supported");
        var activation = config.path("hidden_act").asString("silu");
        refuse(!activation.equals("silu"), "the activation \"" + activation + "\" is not supported, only silu is");
    }

    private static void refuse(boolean wrong, String reason) {
        if (wrong) {
            throw new ModelException("config.json: " + reason + ".");
        }
    }

    private static Optional<RopeScaling> scaling(JsonNode config) {
        var rope = rope(config);
        var type = rope.path("rope_type").asString(rope.path("type").asString("default"));
        return switch (type) {
            case "default" -> Optional.empty();
            case "llama3" ->
                Optional.of(new RopeScaling(
                        positive(rope, "factor"),
                        positive(rope, "low_freq_factor"),
                        positive(rope, "high_freq_factor"),
                        (int) positive(rope, "original_max_position_embeddings")));
            default ->
                throw new ModelException("config.json: rope_scaling of type \"" + type
                        + "\" would change what the model reads and is not supported, only llama3 is.");
        };
    }

    /** Newer checkpoints call it {@code rope_parameters} and keep theta in it. */
    private static JsonNode rope(JsonNode config) {
        return config.hasNonNull("rope_scaling") ? config.path("rope_scaling") : config.path("rope_parameters");
    }

    private static double positive(JsonNode node, String name) {
        var value = node.path(name).asDouble(0);
        refuse(value <= 0, "rope_scaling needs a positive " + name);
        return value;
    }

    private static int required(JsonNode config, String name) {
        if (!config.path(name).canConvertToInt() || !config.path(name).isIntegralNumber()) {
            throw new ModelException("config.json lacks the number " + name + ".");
        }
        return config.path(name).intValue();
    }

    private static int optional(JsonNode config, String name, int otherwise) {
        return config.hasNonNull(name) ? required(config, name) : otherwise;
    }
}
