package dev.leasehold.runner.checkpoint;

import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.util.Optional;

/**
 * The shape of a model of the Llama family, as its config.json says it.
 *
 * @param kvHeads heads of keys and values; each serves {@code heads / kvHeads} query heads
 * @param tiedHead whether the embedding matrix is the output matrix too
 */
public record LlamaConfig(
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int vocabularySize,
        int positionsMax,
        float normEpsilon,
        boolean tiedHead,
        double ropeTheta,
        Optional<RopeScaling> ropeScaling) {
    /** Llama 3's stretching of the rotary frequencies to contexts longer than the model was first trained on. */
    public record RopeScaling(double factor, double lowFactor, double highFactor, int originalPositions) {}

    public LlamaConfig {
        check(hiddenSize > 0 && intermediateSize > 0 && layers > 0 && vocabularySize > 0, "its sizes must be positive");
        check(positionsMax > 1, "max_position_embeddings must be at least 2");
        check(heads > 0 && kvHeads > 0 && heads % kvHeads == 0, "heads must be a multiple of key-value heads");
        check(headDim > 0 && headDim % 2 == 0, "the head size must be even");
        check(ropeTheta > 0 && normEpsilon > 0, "rope_theta and rms_norm_eps must be positive");
    }

    private static void check(boolean right, String rule) {
        if (!right) {
            throw new ModelException("config.json does not describe a Llama model: " + rule + ".");
        }
    }

    /** The same model with heads of another size. */
    public LlamaConfig withHeadDim(int size) {
        return new LlamaConfig(
                hiddenSize,
                intermediateSize,
                layers,
                heads,
                kvHeads,
                size,
                vocabularySize,
                positionsMax,
                normEpsilon,
                tiedHead,
                ropeTheta,
                ropeScaling);
    }

    /** Width of all query heads together. */
    public int queryWidth() {
        return heads * headDim;
    }

    /** Width of all key heads together, and of all value heads. */
    public int kvWidth() {
        return kvHeads * headDim;
    }
}
