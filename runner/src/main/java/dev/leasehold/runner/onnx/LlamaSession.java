package dev.leasehold.runner.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.leasehold.runner.checkpoint.LlamaConfig;
import dev.leasehold.runner.checkpoint.Weights;
import dev.leasehold.runner.generation.TokenModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.stream.LongStream;

/** A Llama model in memory: its graph, its weights and its cache. For one thread at a time. */
final class LlamaSession implements TokenModel {
    private final OrtEnvironment environment;
    private final LlamaConfig config;
    private final int slots;
    private final int contextLength;
    private final Weights weights;
    private final OrtSession session;
    private final KvCache cache;
    private final ByteBuffer logitsMemory;

    /** Takes over the weights and the session: they are closed with it. */
    LlamaSession(OrtEnvironment environment, LlamaConfig config, Weights weights, OrtSession session, Size size) {
        this.environment = environment;
        this.config = config;
        this.weights = weights;
        this.session = session;
        this.slots = size.slots();
        this.contextLength = size.contextLength();
        var rows = Math.max(slots, ROWS_MIN);
        this.cache = new KvCache(environment, config, rows, contextLength);
        this.logitsMemory = ByteBuffer.allocateDirect(rows * config.vocabularySize() * Float.BYTES)
                .order(ByteOrder.nativeOrder());
    }

    /** How much is cached. */
    record Size(int slots, int contextLength) {}

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public int vocabularySize() {
        return config.vocabularySize();
    }

    @Override
    public void prefill(int slot, int position, int[] tokens, float[] logits) {
        if (tokens.length < CHUNK_MIN) {
            throw new IllegalArgumentException("A chunk of " + tokens.length + " tokens is too short.");
        }
        var last = position + tokens.length - 1;
        run(new Step(slot, new long[] {1, tokens.length}, tokens, new int[] {last}, new long[] {tokens.length - 1}));
        logitsMemory.asFloatBuffer().get(0, logits);
    }

    @Override
    public void decode(int[] tokens, int[] positions, float[][] logits) {
        if (tokens.length < ROWS_MIN) {
            throw new IllegalArgumentException("A batch of " + tokens.length + " rows is too small.");
        }
        var pick = LongStream.range(0, tokens.length).toArray();
        run(new Step(0, new long[] {tokens.length, 1}, tokens, positions, pick));
        for (var row = 0; row < tokens.length; row++) {
            logitsMemory.asFloatBuffer().get(row * config.vocabularySize(), logits[row]);
        }
    }

    /** One run of the graph: {@code shape} is rows and tokens per row, {@code pick} the tokens that need logits. */
    private record Step(int firstSlot, long[] shape, int[] tokens, int[] lastPositions, long[] pick) {
        int rows() {
            return (int) shape[0];
        }

        int lengthMax() {
            return Arrays.stream(lastPositions).max().orElseThrow() + 1;
        }
    }

    private void run(Step step) {
        if (step.lengthMax() > contextLength) {
            throw new IllegalArgumentException("A sequence of " + step.lengthMax() + " tokens does not fit.");
        }
        var tokens = Arrays.stream(step.tokens()).asLongStream().toArray();
        try (var tokensIn = OnnxTensor.createTensor(environment, LongBuffer.wrap(tokens), step.shape());
                var positionsIn = OnnxTensor.createTensor(
                        environment, IntBuffer.wrap(step.lastPositions()), new long[] {step.rows()});
                var lengthIn = OnnxTensor.createTensor(
                        environment, IntBuffer.wrap(new int[] {step.lengthMax()}), new long[0]);
                var pickIn = OnnxTensor.createTensor(
                        environment, LongBuffer.wrap(step.pick()), new long[] {step.pick().length});
                var logitsOut = logits(step.pick().length)) {
            var view = cache.view(step.firstSlot(), step.rows());
            var inputs = new HashMap<String, OnnxTensor>(view.past());
            inputs.put(LlamaGraph.TOKENS, tokensIn);
            inputs.put(LlamaGraph.LAST_POSITIONS, positionsIn);
            inputs.put(LlamaGraph.LENGTH_MAX, lengthIn);
            inputs.put(LlamaGraph.PICK, pickIn);
            var outputs = new HashMap<String, OnnxValue>(view.present());
            outputs.put(LlamaGraph.LOGITS, logitsOut);
            session.run(inputs, outputs).close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    private OnnxTensor logits(int rows) throws OrtException {
        var memory = logitsMemory.slice(0, rows * config.vocabularySize() * Float.BYTES);
        var shape = new long[] {rows, config.vocabularySize()};
        return OnnxTensor.createTensor(environment, memory.order(ByteOrder.nativeOrder()), shape, OnnxJavaType.FLOAT);
    }

    @Override
    public void close() {
        try (weights;
                cache) {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("The session cannot be closed: " + e.getMessage(), e);
        }
    }
}
