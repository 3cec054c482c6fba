package dev.leasehold.runner.tokenizer;

/** Text to token ids and back. Safe for many threads. */
public interface Tokenizer extends AutoCloseable {
    /**
     * Token ids of a text.
     *
     * @param addSpecialTokens whether the model's own first and last tokens are put around it, as for a raw completion;
     *     a rendered chat template has them already
     */
    int[] encode(String text, boolean addSpecialTokens);

    /** A decoder for one answer that continues {@code prompt}. Not for several threads. */
    TokenDecoder decoder(int[] prompt);

    @Override
    void close();
}
