package dev.leasehold.runner.generation;

import dev.leasehold.runner.tokenizer.TokenDecoder;
import dev.leasehold.runner.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** Says the token after the last one, for ever; each step takes a permit. Prompts and caches are checked. */
final class FakeModel implements TokenModel {
    static final int VOCABULARY = 100;

    final Semaphore steps = new Semaphore(0);
    final Set<Integer> failing = new HashSet<>();
    final int[] cached;
    volatile boolean closed;
    private final int slots;
    private int step;

    FakeModel(int slots) {
        cached = new int[Math.max(slots, ROWS_MIN)];
        this.slots = slots;
    }

    /** A model that never waits. */
    FakeModel free() {
        steps.release(Integer.MAX_VALUE / 2);
        return this;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int contextLength() {
        return 1000;
    }

    @Override
    public int vocabularySize() {
        return VOCABULARY;
    }

    @Override
    public void prefill(int slot, int position, int[] tokens, float[] logits) {
        begin();
        check(tokens.length >= CHUNK_MIN, "chunk");
        check(position <= cached[slot], "position");
        cached[slot] = position + tokens.length;
        say(tokens[tokens.length - 1] + 1, logits);
    }

    @Override
    public void decode(int[] tokens, int[] positions, float[][] logits) {
        begin();
        check(tokens.length >= ROWS_MIN, "rows");
        for (var row = 0; row < tokens.length; row++) {
            say(tokens[row] + 1, logits[row]);
            check(positions[row] <= cached[row], "position");
            cached[row] = positions[row] + 1;
        }
    }

    private void begin() {
        steps.acquireUninterruptibly();
        if (failing.contains(step++)) {
            throw new IllegalStateException("on purpose");
        }
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new IllegalArgumentException("wrong " + what);
        }
    }

    private static void say(int token, float[] logits) {
        Arrays.fill(logits, 0);
        logits[token % VOCABULARY] = 1;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Tokens are numbers, their text is the number and a space. */
    static final class Numbers implements Tokenizer {
        @Override
        public int[] encode(String text, boolean addSpecialTokens) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TokenDecoder decoder(int[] prompt) {
            return new TokenDecoder() {
                @Override
                public String accept(int token) {
                    return token + " ";
                }

                @Override
                public String finish() {
                    return "";
                }
            };
        }

        @Override
        public void close() {}
    }
}
