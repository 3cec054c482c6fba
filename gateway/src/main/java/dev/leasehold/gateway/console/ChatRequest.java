package dev.leasehold.gateway.console;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the page's chat box sends: with whom, and the talk so far. */
record ChatRequest(String deployment, List<Message> messages) {
    static final int BODY_BYTES_MAX = 512 << 10;

    private static final int MESSAGES_MAX = 100;
    private static final int CONTENT_LENGTH_MAX = 100_000;
    private static final int NAME_LENGTH_MAX = 64;
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    /** One turn. */
    record Message(String role, String content) {}

    /**
     * Checks what came over the wire.
     *
     * @throws ChatRefusedException with a sentence for the user
     */
    static ChatRequest of(@Nullable String deployment, @Nullable List<@Nullable Message> messages) {
        if (deployment == null || deployment.isBlank() || deployment.length() > NAME_LENGTH_MAX) {
            throw new ChatRefusedException("Choose a deployment to talk with.");
        }
        if (messages == null || messages.isEmpty() || messages.size() > MESSAGES_MAX) {
            throw new ChatRefusedException("A talk has 1 to " + MESSAGES_MAX + " messages. Start a new one.");
        }
        return new ChatRequest(
                deployment, messages.stream().map(ChatRequest::checked).toList());
    }

    private static Message checked(@Nullable Message message) {
        if (message == null || message.role() == null || !ROLES.contains(message.role())) {
            throw new ChatRefusedException("Each message is from system, user or assistant.");
        }
        if (message.content() == null || message.content().length() > CONTENT_LENGTH_MAX) {
            throw new ChatRefusedException("A message has at most " + CONTENT_LENGTH_MAX + " characters.");
        }
        return message;
    }
}
