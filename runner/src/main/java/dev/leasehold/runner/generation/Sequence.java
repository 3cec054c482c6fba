package dev.leasehold.runner.generation;

import java.util.Arrays;

/** One answer under way, as the scheduler sees it: what is in the cache, and what has to go in next. */
final class Sequence {
    private static final int NO_SLOT = -1;

    private final int[] prompt;
    private final Answer answer;
    private int slot = NO_SLOT;
    private int position;
    private int next;

    Sequence(int[] prompt, Answer answer) {
        this.prompt = prompt;
        this.answer = answer;
        this.next = prompt[0];
    }

    Answer answer() {
        return answer;
    }

    int slot() {
        return slot;
    }

    void enter(int freeSlot) {
        slot = freeSlot;
    }

    /** Tokens in the cache. */
    int position() {
        return position;
    }

    /** Whether a part of the prompt has to be read before a token can follow. A prompt of one token is decoded. */
    boolean prefilling() {
        return prompt.length > 1 && position < prompt.length;
    }

    /** The next part of the prompt, never so long that a single token would remain. */
    int[] chunk(int chunkMax) {
        var rest = prompt.length - position;
        var size = Math.min(rest, chunkMax);
        if (rest - size > 0 && rest - size < TokenModel.CHUNK_MIN) {
            size -= TokenModel.CHUNK_MIN - (rest - size);
        }
        return Arrays.copyOfRange(prompt, position, position + size);
    }

    void advance(int tokens) {
        position += tokens;
    }

    /** The token that a decode step appends. */
    int next() {
        return next;
    }

    void follow(int token) {
        next = token;
    }
}
