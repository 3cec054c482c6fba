package dev.leasehold.catalog.starter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes a small checkpoint that has every part of a chat model but sense. The same bytes each time. */
public final class StandIn {
    static final int HIDDEN = 64;
    static final int INTERMEDIATE = 128;
    static final int LAYERS = 2;
    static final int HEADS = 4;
    static final int KEY_VALUE_HEADS = 2;
    static final int CONTEXT = 2048;
    static final int END_OF_TEXT = ByteVocabulary.BYTES;
    static final int MESSAGE_START = END_OF_TEXT + 1;
    static final int MESSAGE_END = END_OF_TEXT + 2;
    static final int VOCABULARY = END_OF_TEXT + 3;

    private static final String CHAT_TEMPLATE = """
            {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] \
            + '<|im_end|>' + '\\n' }}{% endfor %}\
            {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""";

    private final ObjectMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Writes the checkpoint into the folder that is named. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("Name the folder to write the stand-in to.");
        }
        new StandIn().write(Path.of(arguments[0]));
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        write(folder, "config.json", config());
        write(folder, "generation_config.json", generationConfig());
        write(folder, "tokenizer.json", ByteVocabulary.tokenizer(specialTokens()));
        write(folder, "tokenizer_config.json", tokenizerConfig());
        Files.write(folder.resolve("model.safetensors"), new StandInWeights().safetensors());
    }

    private void write(Path folder, String name, Map<String, Object> content) throws IOException {
        Files.writeString(folder.resolve(name), json.writeValueAsString(content) + "\n");
    }

    private static Map<String, Integer> specialTokens() {
        return Map.of("<|endoftext|>", END_OF_TEXT, "<|im_start|>", MESSAGE_START, "<|im_end|>", MESSAGE_END);
    }

    private static Map<String, Object> config() {
        return Ordered.map(
                Map.entry("architectures", List.of("LlamaForCausalLM")),
                Map.entry("model_type", "llama"),
                Map.entry("hidden_size", HIDDEN),
                Map.entry("intermediate_size", INTERMEDIATE),
                Map.entry("num_hidden_layers", LAYERS),
                Map.entry("num_attention_heads", HEADS),
                Map.entry("num_key_value_heads", KEY_VALUE_HEADS),
                Map.entry("head_dim", HIDDEN / HEADS),
                Map.entry("vocab_size", VOCABULARY),
                Map.entry("max_position_embeddings", CONTEXT),
                Map.entry("rms_norm_eps", 1e-5),
                Map.entry("rope_theta", 10000.0),
                Map.entry("hidden_act", "silu"),
                Map.entry("attention_bias", false),
                Map.entry("mlp_bias", false),
                Map.entry("tie_word_embeddings", true),
                Map.entry("bos_token_id", END_OF_TEXT),
                Map.entry("eos_token_id", MESSAGE_END),
                Map.entry("torch_dtype", "float32"));
    }

    private static Map<String, Object> generationConfig() {
        return Ordered.map(
                Map.entry("bos_token_id", END_OF_TEXT),
                Map.entry("eos_token_id", List.of(MESSAGE_END, END_OF_TEXT)),
                Map.entry("max_length", CONTEXT));
    }

    private static Map<String, Object> tokenizerConfig() {
        return Ordered.map(
                Map.entry("bos_token", "<|endoftext|>"),
                Map.entry("eos_token", "<|im_end|>"),
                Map.entry("add_bos_token", false),
                Map.entry("add_eos_token", false),
                Map.entry("tokenizer_class", "PreTrainedTokenizerFast"),
                Map.entry("model_max_length", CONTEXT),
                Map.entry("chat_template", CHAT_TEMPLATE));
    }
}
