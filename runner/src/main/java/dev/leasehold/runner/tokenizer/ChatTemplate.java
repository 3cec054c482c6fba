package dev.leasehold.runner.tokenizer;

import java.util.List;
import java.util.Map;

/** Turns a conversation into the text that a model was trained on. */
public interface ChatTemplate {
    /**
     * The prompt, up to where the assistant's answer begins.
     *
     * @param messages OpenAI's messages as plain maps: {@code role}, {@code content} (a string here) and whatever else
     *     the client sent
     * @throws IllegalArgumentException if the template refuses the messages; its message is for the client
     */
    String render(List<Map<String, Object>> messages);
}
