package dev.leasehold.runner.tokenizer;

/** Decodes one answer token by token, in constant work per token. */
public interface TokenDecoder {
    /** The text that became certain with this token: whole characters only, so it may be empty. */
    String accept(int token);

    /** What was held back at the end; an unfinished character becomes U+FFFD. */
    String finish();
}
