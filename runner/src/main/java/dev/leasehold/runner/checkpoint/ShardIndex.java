package dev.leasehold.runner.checkpoint;

import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** model.safetensors.index.json, which says what file each tensor of a large model is in. */
final class ShardIndex {
    private static final String NAME = "model.safetensors.index.json";

    private ShardIndex() {}

    /** @throws ModelException if a file that the index names is not there, or there is none at all */
    static void check(Map<String, Path> files, Set<String> shards) {
        var index = files.get(NAME);
        if (index != null) {
            for (var shard : JsonFiles.readObject(NAME, index).path("weight_map")) {
                if (!shards.contains(shard.asString(""))) {
                    throw new ModelException(NAME + " names " + shard.asString("") + ", which is not there.");
                }
            }
        }
        if (shards.isEmpty()) {
            throw new ModelException("The model has no safetensors file.");
        }
    }
}
