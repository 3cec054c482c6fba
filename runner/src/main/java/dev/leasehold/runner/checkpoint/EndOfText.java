package dev.leasehold.runner.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The tokens that end an answer, as generation_config.json says, or config.json where that does not. */
public final class EndOfText {
    private EndOfText() {}

    /** Token ids; none if the checkpoint names none. */
    public static Set<Integer> tokens(Map<String, Path> files) {
        var generation = tokens(files, "generation_config.json");
        return generation.isEmpty() ? tokens(files, "config.json") : generation;
    }

    private static Set<Integer> tokens(Map<String, Path> files, String name) {
        var file = files.get(name);
        return file == null ? Set.of() : tokens(JsonFiles.readObject(name, file).path("eos_token_id"));
    }

    /** One id, or a list of them. */
    private static Set<Integer> tokens(JsonNode ids) {
        var tokens = new LinkedHashSet<Integer>();
        if (ids.canConvertToInt()) {
            tokens.add(ids.intValue());
        }
        for (var id : ids) {
            tokens.add(id.intValue());
        }
        return tokens;
    }
}
