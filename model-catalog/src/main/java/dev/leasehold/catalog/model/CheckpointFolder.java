package dev.leasehold.catalog.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads from a folder with a Hugging Face checkpoint which model it is. */
final class CheckpointFolder {
    private static final long CONFIG_BYTES_MAX = 1 << 20;
    private static final Set<String> ENCODERS =
            Set.of("bert", "distilbert", "roberta", "xlm-roberta", "mpnet", "modernbert", "nomic_bert");
    private static final JsonMapper JSON = new JsonMapper();

    private CheckpointFolder() {}

    static Model read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UnknownModelException("There is no folder " + folder + " on this machine.");
        }
        var config = config(folder.resolve("config.json"));
        var task = task(folder, config);
        return new Model(
                idOf(folder),
                task,
                String.valueOf(folder.getFileName()),
                "A checkpoint of " + config.path("model_type").asString("an unnamed family") + " from " + folder + ".",
                "unknown",
                real(folder).toUri(),
                false,
                false,
                contextLength(folder, config));
    }

    private static JsonNode config(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new UnknownModelException("The folder " + file.getParent()
                        + " has no config.json; a Hugging Face checkpoint has one beside its *.safetensors.");
            }
            if (Files.size(file) > CONFIG_BYTES_MAX) {
                throw new UnknownModelException(file + " is larger than 1 MiB, so it is not a model's configuration.");
            }
            var config = JSON.readTree(Files.readAllBytes(file));
            if (!config.isObject()) {
                throw new UnknownModelException(file + " is not a JSON object.");
            }
            return config;
        } catch (IOException | JacksonException e) {
            throw new UnknownModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Task task(Path folder, JsonNode config) {
        var architecture = config.path("architectures").path(0).asString("");
        if (architecture.endsWith("ForCausalLM")) {
            return Task.CHAT;
        }
        var family = config.path("model_type").asString("");
        if (ENCODERS.contains(family)) {
            return Task.EMBEDDING;
        }
        throw new UnknownModelException("The config.json of " + folder + " says neither a model that writes text "
                + "(architectures: [\"...ForCausalLM\"]) nor a known encoder (model_type: \"bert\", ...); it says \""
                + architecture + "\" and \"" + family + "\".");
    }

    private static int contextLength(Path folder, JsonNode config) {
        var length = config.path("max_position_embeddings");
        if (!length.isInt() || length.intValue() < 1) {
            throw new UnknownModelException(
                    "The config.json of " + folder + " has no max_position_embeddings, the length of its context.");
        }
        return length.intValue();
    }

    /** The folder's name with what an id may not have replaced. */
    static String idOf(Path folder) {
        var name = String.valueOf(folder.toAbsolutePath().normalize().getFileName())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]+", "-")
                .replaceAll("^[^a-z0-9]+", "");
        if (name.isEmpty()) {
            return "model";
        }
        return name.substring(0, Math.min(name.length(), Model.ID_LENGTH_MAX));
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw new UnknownModelException("The folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
