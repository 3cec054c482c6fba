package dev.leasehold.runner.generation;

import dev.leasehold.runner.serving.GenerationRequest;

/** What a request may ask of a model. */
final class RequestRules {
    private RequestRules() {}

    /**
     * The most tokens that an answer gets.
     *
     * @throws IllegalArgumentException if the model cannot serve the request; the message is for the client
     */
    static int room(GenerationRequest request, int contextLength, int vocabularySize) {
        var length = request.prompt().length;
        check(length > 0, "The prompt has no tokens.");
        check(
                length < contextLength,
                "The prompt has " + length + " tokens, which leaves no room for an answer: this model takes "
                        + contextLength + " tokens, prompt and answer together.");
        for (var token : request.prompt()) {
            check(
                    token >= 0 && token < vocabularySize,
                    "The prompt has the token " + token + ", but there are only " + vocabularySize + ".");
        }
        check(
                request.choices() > 0 && request.choices() <= GenerationEngine.WAITING_MAX,
                "The number of choices must be from 1 to " + GenerationEngine.WAITING_MAX + ".");
        check(request.maxTokens() > 0, "At least one token must be asked for.");
        checkSampling(request.sampling());
        return Math.min(request.maxTokens(), contextLength - length);
    }

    private static void checkSampling(GenerationRequest.Sampling sampling) {
        check(
                sampling.temperature() >= 0 && sampling.temperature() < Double.POSITIVE_INFINITY,
                "The temperature must be 0 or more.");
        check(sampling.topP() > 0 && sampling.topP() <= 1, "top_p must be above 0 and at most 1.");
    }

    private static void check(boolean right, String sentence) {
        if (!right) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
