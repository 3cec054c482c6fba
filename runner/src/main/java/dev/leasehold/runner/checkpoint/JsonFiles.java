package dev.leasehold.runner.checkpoint;

import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the JSON files of a checkpoint. */
final class JsonFiles {
    /** Far above any real one; tokenizer.json is not read here. */
    private static final long BYTES_MAX = 64L << 20;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonFiles() {}

    static JsonNode readObject(String name, Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new ModelException(name + " is larger than " + BYTES_MAX + " bytes.");
            }
            return object(name, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ModelException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    static JsonNode object(String name, byte[] json) {
        try {
            var node = JSON.readTree(json);
            if (!node.isObject()) {
                throw new ModelException(name + " is not a JSON object.");
            }
            return node;
        } catch (JacksonException e) {
            throw new ModelException(name + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }
}
