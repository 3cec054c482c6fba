package dev.leasehold.runner.generation;

/**
 * A model with a cache of several slots, one per sequence; the scheduler drives it, from one thread. Logits are
 * bit-equal however a prompt is cut into chunks of two tokens and more, and whoever else is in the batch.
 */
public interface TokenModel extends AutoCloseable {
    /** A batch that decodes has at least this many rows; with fewer, other kernels give other bits. */
    int ROWS_MIN = 2;

    /** A chunk of a prompt has at least this many tokens, for the same reason. */
    int CHUNK_MIN = 2;

    /** Sequences that are decoded together. */
    int slots();

    int contextLength();

    int vocabularySize();

    /**
     * Reads a part of a prompt, at least {@link #CHUNK_MIN} tokens.
     *
     * @param position tokens that the slot holds already; what lies behind them is overwritten
     * @param logits filled with the scores of what follows the last token
     */
    void prefill(int slot, int position, int[] tokens, float[] logits);

    /**
     * Appends one token to each slot from 0 on, at least {@link #ROWS_MIN} of them, even if there is but one slot.
     *
     * @param positions the tokens that each slot holds already
     * @param logits filled with the scores of what follows, one row per slot
     */
    void decode(int[] tokens, int[] positions, float[][] logits);

    @Override
    void close();
}
