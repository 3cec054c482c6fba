package dev.leasehold.runner.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.NullNode;

/** Chat completions on the wire. */
record ChatFormat(Head head, boolean withUsage) implements AnswerFormat {
    private static final String CHUNK = "chat.completion.chunk";

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(@Nullable String role, @Nullable String content) {}

    record ChunkChoice(
            int index,
            Delta delta,
            @Nullable Object logprobs,
            @Nullable String finishReason) {}

    record Message(String role, String content, @Nullable String refusal) {}

    record WholeChoice(int index, Message message, @Nullable Object logprobs, String finishReason) {}

    record Whole(
            String id,
            String object,
            long created,
            String model,
            String systemFingerprint,
            List<WholeChoice> choices,
            Usage usage) {}

    @Override
    public Optional<Object> opening(int choice) {
        return Optional.of(chunk(new ChunkChoice(choice, new Delta("assistant", ""), null, null)));
    }

    @Override
    public Object text(int choice, String text) {
        return chunk(new ChunkChoice(choice, new Delta(null, text), null, null));
    }

    @Override
    public Object finish(int choice, String reason) {
        return chunk(new ChunkChoice(choice, new Delta(null, null), null, reason));
    }

    private Chunk<ChunkChoice> chunk(ChunkChoice choice) {
        return new Chunk<>(
                head.id(),
                CHUNK,
                head.created(),
                head.model(),
                Answers.FINGERPRINT,
                List.of(choice),
                withUsage ? NullNode.instance : null);
    }

    @Override
    public Object usage(Usage usage) {
        return new Chunk<ChunkChoice>(
                head.id(), CHUNK, head.created(), head.model(), Answers.FINGERPRINT, List.of(), usage);
    }

    @Override
    public Object whole(List<Choice> choices, Usage usage) {
        var list = IntStream.range(0, choices.size())
                .mapToObj(index -> new WholeChoice(
                        index,
                        new Message("assistant", choices.get(index).text(), null),
                        null,
                        choices.get(index).finishReason()))
                .toList();
        return new Whole(head.id(), "chat.completion", head.created(), head.model(), Answers.FINGERPRINT, list, usage);
    }
}
