package dev.leasehold.runner.tokenizer;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Decodes a sliding window of tokens and tells what came new. The window begins some tokens before the new ones, since
 * the text of a token may depend on those before it: a first space is dropped, a character is spread over several.
 */
final class WindowDecoder implements TokenDecoder {
    private static final int CONTEXT_TOKENS = 6;

    /** A character has at most 4 bytes: if so many tokens end in none, it will never be one. */
    private static final int HELD_MAX = 8;

    private static final char REPLACEMENT = '\uFFFD';

    private final Function<int[], String> decode;
    private final IntPredicate special;

    /** Tokens whose text is out, then those whose text is not yet. */
    private int[] window;

    private int told;
    private String toldText;

    WindowDecoder(Function<int[], String> decode, IntPredicate special, int[] prompt) {
        this.decode = decode;
        this.special = special;
        this.window = context(prompt);
        this.told = window.length;
        this.toldText = decode.apply(window);
    }

    /** The end of the prompt; it begins with a whole character if that can be had. */
    private int[] context(int[] prompt) {
        var tail = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - 2 * CONTEXT_TOKENS), prompt.length);
        var texts = Arrays.stream(tail).filter(special.negate()).toArray();
        for (var begin = Math.max(0, texts.length - CONTEXT_TOKENS); begin > 0; begin--) {
            var context = Arrays.copyOfRange(texts, begin, texts.length);
            if (decode.apply(context).indexOf(REPLACEMENT) != 0) {
                return context;
            }
        }
        return texts;
    }

    @Override
    public String accept(int token) {
        if (special.test(token)) {
            return "";
        }
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = token;
        var text = decode.apply(window);
        var held = window.length - told;
        if (text.endsWith(String.valueOf(REPLACEMENT)) && held < HELD_MAX) {
            return "";
        }
        return tell(text);
    }

    private String tell(String text) {
        var fresh = text.substring(commonPrefix(toldText, text));
        if (fresh.isEmpty() && window.length - told < HELD_MAX) {
            return "";
        }
        window = Arrays.copyOfRange(window, told, window.length);
        told = window.length;
        toldText = decode.apply(window);
        return fresh;
    }

    private static int commonPrefix(String one, String other) {
        var mismatch = Arrays.mismatch(one.toCharArray(), other.toCharArray());
        return mismatch < 0 ? one.length() : mismatch;
    }

    @Override
    public String finish() {
        return told == window.length ? "" : tell(decode.apply(window));
    }
}
