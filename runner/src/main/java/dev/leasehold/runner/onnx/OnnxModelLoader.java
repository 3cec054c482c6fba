package dev.leasehold.runner.onnx;

import dev.leasehold.runner.serving.ModelLoader;
import dev.leasehold.runner.serving.ServedModel;
import dev.leasehold.runner.tokenizer.TokenizerConfig;
import dev.leasehold.runner.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Loads models that ONNX Runtime serves: Llama checkpoints that write, ONNX files that embed. */
public final class OnnxModelLoader implements ModelLoader {
    /** Loads nothing yet: native libraries come with the first model. */
    public OnnxModelLoader() {}

    @Override
    public ServedModel load(Spec spec, DoubleConsumer progress) {
        if (spec.slots() < 1 || spec.threads() < 1 || spec.contextLength() < 2) {
            throw new ModelException("At least 1 slot, 1 thread and a context of 2 tokens are needed.");
        }
        var tokenizer = tokenizer(spec.files());
        try {
            return switch (spec.task()) {
                case CHAT -> LlamaWriter.load(spec, tokenizer, config(spec.files()), progress);
                case EMBEDDING -> OnnxEmbedder.load(spec, tokenizer, progress);
            };
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static TokenizerJson tokenizer(Map<String, Path> files) {
        try {
            return TokenizerJson.open(file(files, "tokenizer.json"));
        } catch (IOException e) {
            throw new ModelException("tokenizer.json cannot be read: " + e.getMessage(), e);
        }
    }

    private static TokenizerConfig config(Map<String, Path> files) {
        try {
            return TokenizerConfig.read(files);
        } catch (IOException e) {
            throw new ModelException("tokenizer_config.json cannot be read: " + e.getMessage(), e);
        }
    }

    /** A file that the model must have. */
    static Path file(Map<String, Path> files, String name) {
        var path = files.get(name);
        if (path == null) {
            throw new ModelException("The model lacks the file " + name + ".");
        }
        return path;
    }
}
