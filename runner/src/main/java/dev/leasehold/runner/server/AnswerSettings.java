package dev.leasehold.runner.server;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What chat and completions have in common in their requests. */
record AnswerSettings(
        String model,
        int choices,
        OptionalInt maxTokens,
        List<String> stop,
        boolean ignoreEndOfText,
        double temperature,
        double topP,
        OptionalLong seed,
        boolean stream,
        boolean includeUsage) {
    private static final int CHOICES_MAX = 16;
    private static final int STOP_MAX = 4;
    private static final double TEMPERATURE_MAX = 2;

    static AnswerSettings read(Fields fields, String loadedModel) {
        fields.refuse("frequency_penalty", "presence_penalty", "logit_bias");
        boolean stream = fields.flag("stream");
        return new AnswerSettings(
                fields.text("model", loadedModel),
                fields.integer("n", 1, CHOICES_MAX).orElse(1),
                maxTokens(fields),
                fields.strings("stop", STOP_MAX),
                fields.flag("ignore_eos"),
                fields.number("temperature", 0, TEMPERATURE_MAX).orElse(1),
                topP(fields),
                fields.wide("seed"),
                stream,
                includeUsage(fields.node("stream_options"), stream));
    }

    private static OptionalInt maxTokens(Fields fields) {
        var recent = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        return recent.isPresent() ? recent : fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    }

    private static double topP(Fields fields) {
        double topP = fields.number("top_p", 0, 1).orElse(1);
        if (topP == 0) {
            throw HttpFailure.invalid("top_p", "top_p is more than 0 and at most 1.");
        }
        return topP;
    }

    private static boolean includeUsage(JsonNode options, boolean stream) {
        if (options.isMissingNode() || options.isNull()) {
            return false;
        }
        if (!stream) {
            throw HttpFailure.invalid("stream_options", "stream_options goes with stream: true only.");
        }
        if (!options.isObject()) {
            throw HttpFailure.invalid("stream_options", "stream_options is an object.");
        }
        return new Fields(options).flag("include_usage");
    }

    /** Token ids, if the node is a list of nothing else. */
    static boolean isTokens(JsonNode node) {
        return node.isArray()
                && !node.isEmpty()
                && StreamSupport.stream(node.spliterator(), false).allMatch(JsonNode::isIntegralNumber);
    }
}
