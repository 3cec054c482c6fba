package dev.leasehold.runner.server;

import dev.leasehold.catalog.model.Task;
import dev.leasehold.runner.serving.ModelLoader;
import java.nio.file.Path;
import java.util.Map;

/** Which model to load, from which files of the cache. */
record ModelOrder(String name, Task task, int contextLength, int slots, Map<String, Path> files) {
    ModelOrder {
        files = Map.copyOf(files);
    }

    ModelLoader.Spec spec(int threads) {
        return new ModelLoader.Spec(name, task, files, contextLength, slots, threads);
    }
}
