package dev.leasehold.runner.serving;

import dev.leasehold.runner.tokenizer.ChatTemplate;
import dev.leasehold.runner.tokenizer.Tokenizer;
import java.util.List;

/** A model that is loaded and passed its self-test. Its engine ends when it is closed. */
public sealed interface ServedModel extends AutoCloseable {
    @Override
    void close();

    /** Writes text. */
    non-sealed interface Writer extends ServedModel {
        Tokenizer tokenizer();

        /** Turns messages into a prompt; models without a template of their own get a plain one. */
        ChatTemplate template();

        /** The most tokens that prompt and answer may have together. */
        int contextLength();

        /**
         * Queues a request, and returns at once.
         *
         * @throws BusyException if the waiting room is full
         * @throws IllegalArgumentException if the prompt leaves no room for an answer; the message is for the client
         */
        Generation generate(GenerationRequest request);

        Load load();
    }

    /** Turns texts into vectors. */
    non-sealed interface Embedder extends ServedModel {
        int dimensions();

        /** The most tokens of a text that are read; longer texts are refused. */
        int contextLength();

        /**
         * One vector per text, each of L2 norm 1. Blocks; texts of several callers may share a batch.
         *
         * @return shape {@code [texts][dimensions]}, and the tokens read
         * @throws IllegalArgumentException if a text is too long; the message is for the client
         * @throws BusyException if too many texts wait
         */
        Embeddings embed(List<String> texts);

        Load load();
    }

    /** Vectors in the order of their texts. */
    record Embeddings(List<float[]> vectors, int promptTokens) {}

    /** How busy an engine is, in sequences. */
    record Load(int running, int waiting, int slots) {}

    /** The waiting room is full. */
    final class BusyException extends RuntimeException {
        public BusyException(String message) {
            super(message);
        }
    }
}
