package dev.leasehold.runner.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What tokenizer_config.json says besides the vocabulary.
 *
 * @param specialTokens {@code bos_token}, {@code eos_token} and their like, those that are set
 * @param chatTemplate the Jinja source, if the model has one
 */
public record TokenizerConfig(Map<String, String> specialTokens, Optional<String> chatTemplate) {
    private static final String[] NAMES = {"bos_token", "eos_token", "unk_token", "pad_token"};

    /** Reads tokenizer_config.json and chat_template.jinja, whichever there are; the latter's template is preferred. */
    public static TokenizerConfig read(Map<String, Path> files) throws IOException {
        var config = json(files.get("tokenizer_config.json"));
        var tokens = new HashMap<String, String>();
        for (var name : NAMES) {
            var token = config.path(name);
            var text = token.isObject() ? token.path("content").asString("") : token.asString("");
            if (!text.isEmpty()) {
                tokens.put(name, text);
            }
        }
        var template = files.get("chat_template.jinja");
        return new TokenizerConfig(
                tokens,
                template == null ? template(config.path("chat_template")) : Optional.of(Files.readString(template)));
    }

    private static JsonNode json(@Nullable Path file) throws IOException {
        try {
            return file == null
                    ? JsonMapper.shared().createObjectNode()
                    : JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new IOException("tokenizer_config.json is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A text, or a list of named ones of which {@code default} is ours. */
    private static Optional<String> template(JsonNode template) {
        for (var named : template.isArray() ? template : JsonMapper.shared().createArrayNode()) {
            if (named.path("name").asString("").equals("default")) {
                return Optional.of(named.path("template").asString(""));
            }
        }
        return template.isString() ? Optional.of(template.asString()) : Optional.empty();
    }

    /** The model's own template, or the plain one. */
    public ChatTemplate template() {
        return chatTemplate
                .<ChatTemplate>map(source -> new JinjaChatTemplate(source, specialTokens))
                .orElseGet(() -> new PlainTemplate(specialTokens.getOrDefault("bos_token", "")));
    }
}
