package dev.leasehold.runner.serving;

import dev.leasehold.catalog.model.Task;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Makes a served model of its files. */
public interface ModelLoader {
    /**
     * What to load.
     *
     * @param files each file of the model by its name, such as {@code config.json}
     * @param contextLength wanted; less if the model was made for less
     * @param slots sequences that are decoded together
     */
    record Spec(String name, Task task, Map<String, Path> files, int contextLength, int slots, int threads) {
        public Spec {
            files = Map.copyOf(files);
        }
    }

    /**
     * Loads and tests a model.
     *
     * @param progress told the part done, from 0 to 1
     * @throws ModelException if the files are not a model that can be served here; the message names the file and what
     *     is wrong with it
     */
    ServedModel load(Spec spec, DoubleConsumer progress);

    /** The model cannot be served; the message says why and is fit for the user. */
    final class ModelException extends RuntimeException {
        public ModelException(String message) {
            super(message);
        }

        public ModelException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
