package dev.leasehold.runner.onnx;

import dev.leasehold.runner.embedding.TextBatches;
import dev.leasehold.runner.serving.ModelLoader.ModelException;
import dev.leasehold.runner.serving.ModelLoader.Spec;
import dev.leasehold.runner.serving.ServedModel;
import dev.leasehold.runner.tokenizer.TokenizerJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/** A model of the BERT family that turns texts into vectors. One batch runs at a time; callers take turns. */
final class OnnxEmbedder implements ServedModel.Embedder {
    /** The positions that models of this family were trained with. */
    private static final int CONTEXT_MAX = 512;

    /** Texts of all callers together, those that run and those that wait. */
    private static final int TEXTS_MAX = 4096;

    private static final double NORM_TOLERANCE = 1e-3;
    private static final double BATCH_TOLERANCE = 1e-5;

    private final TokenizerJson tokenizer;
    private final BertSession session;
    private final int contextLength;
    private final int dimensions;
    private final int batchMax;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger admitted = new AtomicInteger();
    private boolean closed;

    private OnnxEmbedder(TokenizerJson tokenizer, BertSession session, int contextLength) {
        this.tokenizer = tokenizer;
        this.session = session;
        this.contextLength = contextLength;
        this.dimensions = selfTest();
        this.batchMax = dependsOnNeighbours() ? 1 : TextBatches.TEXTS_MAX;
    }

    static OnnxEmbedder load(Spec spec, TokenizerJson tokenizer, DoubleConsumer progress) {
        var session = BertSession.open(OnnxModelLoader.file(spec.files(), "model.onnx"), spec.threads());
        try {
            var embedder = new OnnxEmbedder(tokenizer, session, Math.min(spec.contextLength(), CONTEXT_MAX));
            progress.accept(1);
            return embedder;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private int selfTest() {
        var vector = session.embed(List.of(tokenizer.encode("self-test", true))).getFirst();
        var norm = 0.0;
        for (var number : vector) {
            norm += (double) number * number;
        }
        if (!(Math.abs(norm - 1) < NORM_TOLERANCE)) {
            throw new ModelException("The self-test failed: a vector has the squared length " + norm + ", not 1.");
        }
        return vector.length;
    }

    /**
     * Models that are quantized as they run take one scale for a whole batch: a text's vector then depends on the other
     * texts. Such a model reads its texts one by one.
     */
    private boolean dependsOnNeighbours() {
        var shorter = tokenizer.encode("self-test", true);
        var longer = tokenizer.encode("A sentence of several words; with 1234 numbers, too.", true);
        var alone = session.embed(List.of(shorter)).getFirst();
        var beside = session.embed(List.of(shorter, longer)).getFirst();
        return IntStream.range(0, dimensions).anyMatch(i -> Math.abs(alone[i] - beside[i]) > BATCH_TOLERANCE);
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public Embeddings embed(List<String> texts) {
        if (admitted.addAndGet(texts.size()) > TEXTS_MAX) {
            admitted.addAndGet(-texts.size());
            throw new BusyException("More than " + TEXTS_MAX + " texts would wait. Try again soon, or with fewer.");
        }
        try {
            var tokens = texts.stream().map(this::tokens).toList();
            var vectors = new ArrayList<float[]>(
                    tokens.stream().map(_ -> new float[0]).toList());
            for (var batch : TextBatches.byLength(tokens, batchMax)) {
                var made = run(batch.stream().map(tokens::get).toList());
                for (var i = 0; i < batch.size(); i++) {
                    vectors.set(batch.get(i), made.get(i));
                }
            }
            return new Embeddings(
                    vectors, tokens.stream().mapToInt(text -> text.length).sum());
        } finally {
            admitted.addAndGet(-texts.size());
        }
    }

    private int[] tokens(String text) {
        var tokens = tokenizer.encode(text, true);
        if (tokens.length > contextLength) {
            throw new IllegalArgumentException("A text has " + tokens.length + " tokens; this model reads at most "
                    + contextLength + ". Cut it into shorter parts.");
        }
        return tokens;
    }

    private List<float[]> run(List<int[]> texts) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The model is being unloaded.");
            }
            running.set(texts.size());
            return session.embed(texts);
        } finally {
            running.set(0);
            turn.unlock();
        }
    }

    @Override
    public Load load() {
        var runs = running.get();
        return new Load(runs, Math.max(0, admitted.get() - runs), batchMax);
    }

    @Override
    public void close() {
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
                tokenizer.close();
            }
        } finally {
            turn.unlock();
        }
    }
}
