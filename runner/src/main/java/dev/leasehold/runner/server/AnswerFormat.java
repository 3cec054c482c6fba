package dev.leasehold.runner.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an endpoint writes its answers: OpenAI's objects for one request. */
interface AnswerFormat {
    record Usage(int promptTokens, int completionTokens, int totalTokens) {
        static Usage of(int prompt, int completion) {
            return new Usage(prompt, completion, prompt + completion);
        }
    }

    /** One choice of an answer that is not streamed. */
    record Choice(String text, String finishReason) {}

    /** Fields of an object that are the same in all of an answer. */
    record Head(String id, long created, String model) {}

    /** What comes before a choice's first text, if the format has that. */
    Optional<Object> opening(int choice);

    Object text(int choice, String text);

    Object finish(int choice, String reason);

    /** The last chunk, without choices. */
    Object usage(Usage usage);

    Object whole(List<Choice> choices, Usage usage);

    /** A chunk of either endpoint; {@code usage} is JSON's null where the client asked for it and it comes later. */
    record Chunk<C>(
            String id,
            String object,
            long created,
            String model,
            String systemFingerprint,
            List<C> choices,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Object usage) {}
}
