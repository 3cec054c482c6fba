package dev.leasehold.runner.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.leasehold.runner.embedding.MeanPooling;
import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/** An ONNX file of the BERT family in memory. For one thread at a time. */
final class BertSession implements AutoCloseable {
    private static final String TOKENS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String SEGMENTS = "token_type_ids";
    private static final Set<String> INPUTS = Set.of(TOKENS, MASK, SEGMENTS);

    private final OrtEnvironment environment;
    private final OrtSession session;

    private BertSession(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
    }

    static BertSession open(Path file, int threads) {
        var environment = OrtEnvironment.getEnvironment();
        try (var options = SessionThreads.options(threads)) {
            var session = environment.createSession(file.toString(), options);
            var names = session.getInputNames();
            if (!INPUTS.containsAll(names) || !names.contains(TOKENS) || !names.contains(MASK)) {
                session.close();
                throw new ModelException("model.onnx has the inputs " + names + "; an embedding model must have "
                        + TOKENS + ", " + MASK + " and perhaps " + SEGMENTS + ".");
            }
            return new BertSession(environment, session);
        } catch (OrtException e) {
            throw new ModelException("model.onnx cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** One vector per text; shorter texts are padded to the longest. */
    List<float[]> embed(List<int[]> texts) {
        var length = texts.stream().mapToInt(text -> text.length).max().orElse(0);
        var tokens = LongBuffer.allocate(texts.size() * length);
        var mask = LongBuffer.allocate(texts.size() * length);
        for (var text = 0; text < texts.size(); text++) {
            for (var at = 0; at < texts.get(text).length; at++) {
                tokens.put(text * length + at, texts.get(text)[at]);
                mask.put(text * length + at, 1);
            }
        }
        var shape = new long[] {texts.size(), length};
        try (var tokensIn = OnnxTensor.createTensor(environment, tokens, shape);
                var maskIn = OnnxTensor.createTensor(environment, mask, shape);
                var segmentsIn = OnnxTensor.createTensor(environment, LongBuffer.allocate(tokens.capacity()), shape)) {
            var inputs = new HashMap<String, OnnxTensor>();
            inputs.put(TOKENS, tokensIn);
            inputs.put(MASK, maskIn);
            inputs.put(SEGMENTS, segmentsIn);
            inputs.keySet().retainAll(session.getInputNames());
            try (var result = session.run(inputs)) {
                return pooled(result, texts);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    /** The first output is the last hidden state, {@code [texts, tokens, dimensions]}. */
    private static List<float[]> pooled(OrtSession.Result result, List<int[]> texts) {
        if (!(result.get(0) instanceof OnnxTensor states) || states.getInfo().getShape().length != 3) {
            throw new ModelException("The first output of model.onnx is not one vector per token.");
        }
        var shape = states.getInfo().getShape();
        var dimensions = (int) shape[2];
        var floats = states.getFloatBuffer();
        var vectors = new ArrayList<float[]>();
        for (var text = 0; text < texts.size(); text++) {
            var from = (int) (text * shape[1]) * dimensions;
            vectors.add(MeanPooling.pool(floats, from, texts.get(text).length, dimensions));
        }
        return vectors;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("The session cannot be closed: " + e.getMessage(), e);
        }
    }
}
