package dev.leasehold.runner.server;

import dev.leasehold.runner.serving.ServedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/chat/completions}. */
final class ChatEndpoint {
    private static final int MESSAGES_MAX = 4096;
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

    private final ModelHost host;
    private final Answers answers;

    ChatEndpoint(ModelHost host, Answers answers) {
        this.host = host;
        this.answers = answers;
    }

    void answer(Exchange exchange) throws IOException {
        var writer = answers.writer();
        var fields = new Fields(Json.readObject(exchange.bodyBytes()));
        fields.refuse("tools", "functions", "logprobs", "top_logprobs", "audio");
        refuseFormats(fields.node("response_format"));
        var settings = AnswerSettings.read(fields, host.modelName());
        var messages = messages(fields.node("messages"));
        var prompt = encode(writer, messages);
        answers.answer(exchange, settings, List.of(prompt), "messages", ChatFormat::new);
    }

    private static void refuseFormats(JsonNode format) {
        if (format.isObject() && !format.path("type").asString("").equals("text")) {
            throw HttpFailure.coded(
                    400,
                    "invalid_request_error",
                    "response_format other than text is not supported by this runner yet.",
                    "response_format",
                    "unsupported_parameter");
        }
    }

    private static int[] encode(ServedModel.Writer writer, List<Map<String, Object>> messages) {
        try {
            return writer.tokenizer().encode(writer.template().render(messages), false);
        } catch (IllegalArgumentException e) {
            throw HttpFailure.invalid("messages", String.valueOf(e.getMessage()));
        }
    }

    static List<Map<String, Object>> messages(JsonNode list) {
        if (!list.isArray() || list.isEmpty() || list.size() > MESSAGES_MAX) {
            throw HttpFailure.invalid("messages", "messages is a list of 1 to " + MESSAGES_MAX + " messages.");
        }
        var messages = new ArrayList<Map<String, Object>>();
        for (int index = 0; index < list.size(); index++) {
            messages.add(message(list.get(index), "messages[" + index + "]"));
        }
        return messages;
    }

    private static Map<String, Object> message(JsonNode node, String param) {
        if (!node.isObject()) {
            throw HttpFailure.invalid(param, param + " is not an object.");
        }
        var role = node.path("role").asString("");
        if (!ROLES.contains(role)) {
            throw HttpFailure.invalid(
                    param + ".role",
                    param + ".role is system, developer, user or assistant; this runner knows no tools yet.");
        }
        var message = new LinkedHashMap<String, Object>();
        // Models were trained before OpenAI renamed the role.
        message.put("role", role.equals("developer") ? "system" : role);
        message.put("content", content(node.path("content"), param + ".content"));
        if (node.path("name").isString()) {
            message.put("name", node.path("name").stringValue());
        }
        return message;
    }

    private static String content(JsonNode content, String param) {
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray()) {
            throw HttpFailure.invalid(param, param + " is a string or a list of text parts.");
        }
        return content.valueStream().map(part -> text(part, param)).collect(Collectors.joining());
    }

    private static String text(JsonNode part, String param) {
        if (!part.path("type").asString("").equals("text") || !part.path("text").isString()) {
            throw HttpFailure.invalid(
                    param,
                    "This model reads text only: each part of " + param
                            + " is {\"type\": \"text\", \"text\": \"...\"}.");
        }
        return part.path("text").stringValue();
    }
}
