package dev.leasehold.runner.server;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.NullNode;

/** Text completions on the wire. */
record CompletionFormat(Head head, boolean withUsage) implements AnswerFormat {
    private static final String OBJECT = "text_completion";

    record ChunkChoice(
            int index,
            String text,
            @Nullable Object logprobs,
            @Nullable String finishReason) {}

    @Override
    public Optional<Object> opening(int choice) {
        return Optional.empty();
    }

    @Override
    public Object text(int choice, String text) {
        return chunk(new ChunkChoice(choice, text, null, null));
    }

    @Override
    public Object finish(int choice, String reason) {
        return chunk(new ChunkChoice(choice, "", null, reason));
    }

    private Chunk<ChunkChoice> chunk(ChunkChoice choice) {
        return chunk(List.of(choice), withUsage ? NullNode.instance : null);
    }

    @Override
    public Object usage(Usage usage) {
        return chunk(List.of(), usage);
    }

    @Override
    public Object whole(List<Choice> choices, Usage usage) {
        var list = IntStream.range(0, choices.size())
                .mapToObj(index -> new ChunkChoice(
                        index,
                        choices.get(index).text(),
                        null,
                        choices.get(index).finishReason()))
                .toList();
        return chunk(list, usage);
    }

    private Chunk<ChunkChoice> chunk(List<ChunkChoice> choices, @Nullable Object usage) {
        return new Chunk<>(head.id(), OBJECT, head.created(), head.model(), Answers.FINGERPRINT, choices, usage);
    }
}
