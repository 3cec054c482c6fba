package dev.leasehold.runner.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.leasehold.runner.checkpoint.LlamaConfig;
import dev.leasehold.runner.checkpoint.LlamaTensors;
import dev.leasehold.runner.checkpoint.RotaryTable;
import dev.leasehold.runner.checkpoint.Weights;
import dev.leasehold.runner.onnx.LlamaSession.Size;
import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleConsumer;

/** Opens sessions: builds the graph and hands it the weights without a copy. */
final class LlamaSessions {
    private static final String FOLDER = "session.model_external_initializers_file_folder_path";

    private final OrtEnvironment environment;
    private final LlamaConfig config;
    private final Size size;
    private final Weights weights;
    private final PaddedHeads heads;
    private final List<OnnxTensor> tensors = new ArrayList<>();

    private LlamaSessions(OrtEnvironment environment, LlamaConfig config, Size size, Weights weights) {
        this.environment = environment;
        this.config = config;
        this.size = size;
        this.weights = weights;
        this.heads = new PaddedHeads(config, weights);
    }

    static LlamaSession open(
            LlamaConfig config, Map<String, Path> files, Size size, int threads, DoubleConsumer progress) {
        var weights = Weights.open(files);
        try {
            weights.require(LlamaTensors.shapes(config));
            var environment = OrtEnvironment.getEnvironment();
            // The graph must name a file for its weights although none is read from it: any that exists will do.
            var anyFile = Objects.requireNonNull(files.get("config.json")).toAbsolutePath();
            var sessions = new LlamaSessions(environment, config, size, weights);
            var session = sessions.open(anyFile, threads, progress);
            return new LlamaSession(environment, sessions.heads.config(), weights, session, size);
        } catch (OrtException e) {
            weights.close();
            throw new ModelException("ONNX Runtime cannot load the model: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private OrtSession open(Path anyFile, int threads, DoubleConsumer progress) throws OrtException {
        var shapes = LlamaTensors.shapes(heads.config());
        try (var options = SessionThreads.options(threads)) {
            options.addConfigEntry(
                    FOLDER, Objects.requireNonNull(anyFile.getParent()).toString());
            var done = 0;
            for (var tensor : shapes.entrySet()) {
                add(options, tensor.getKey(), heads.floats(tensor.getKey()), tensor.getValue());
                progress.accept((double) ++done / shapes.size());
            }
            addRotaryTable(options);
            var name = Objects.requireNonNull(anyFile.getFileName()).toString();
            var scale = (float) (1 / Math.sqrt(config.headDim()));
            var graph = new LlamaGraph(heads.config(), scale, size.contextLength(), name);
            return environment.createSession(graph.build(), options);
        } finally {
            tensors.forEach(OnnxTensor::close);
        }
    }

    private void addRotaryTable(SessionOptions options) throws OrtException {
        var width = heads.config().headDim() / 2;
        var elements = (long) size.contextLength() * width;
        var cosines = weights.allocateFloats(elements);
        var sines = weights.allocateFloats(elements);
        new RotaryTable(config).fill(cosines, sines, width);
        add(options, LlamaGraph.COSINES, cosines, size.contextLength(), width);
        add(options, LlamaGraph.SINES, sines, size.contextLength(), width);
    }

    private void add(SessionOptions options, String name, MemorySegment floats, long... shape) throws OrtException {
        var tensor = OnnxTensor.createTensor(environment, NativeMemory.buffer(floats), shape, OnnxJavaType.FLOAT);
        tensors.add(tensor);
        options.addInitializer(name, tensor);
    }
}
