package dev.leasehold.runner.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** For models that were never taught to converse: the contents, one after the other. */
public final class PlainTemplate implements ChatTemplate {
    private final String beginOfText;

    /** Begins every prompt with {@code beginOfText}, which may be empty. */
    public PlainTemplate(String beginOfText) {
        this.beginOfText = beginOfText;
    }

    @Override
    public String render(List<Map<String, Object>> messages) {
        return messages.stream()
                .map(message -> String.valueOf(message.getOrDefault("content", "")))
                .collect(Collectors.joining("\n", beginOfText, ""));
    }
}
