package dev.leasehold.runner.serving;

import java.util.List;

/**
 * One prompt and how to go on from it.
 *
 * @param prompt token ids, at least one
 * @param choices how many answers are wanted, at least 1
 * @param maxTokens the most tokens of each answer
 * @param stop an answer ends before the first of these; none is empty
 * @param ignoreEndOfText go on past the end-of-text token, for load tests (vLLM's {@code ignore_eos})
 */
public record GenerationRequest(
        int[] prompt, int choices, int maxTokens, List<String> stop, boolean ignoreEndOfText, Sampling sampling) {
    public GenerationRequest {
        stop = List.copyOf(stop);
    }

    /**
     * How the next token is drawn.
     *
     * @param temperature 0 takes the likeliest token
     * @param topP the smallest set of tokens with at least this probability together is drawn from, in (0, 1]
     * @param seed the same seed, prompt and settings give the same answer; choice k draws from seed and k
     */
    public record Sampling(double temperature, double topP, long seed) {}
}
