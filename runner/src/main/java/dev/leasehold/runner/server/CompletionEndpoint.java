package dev.leasehold.runner.server;

import dev.leasehold.runner.serving.ServedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/completions}. */
final class CompletionEndpoint {
    private static final int PROMPTS_MAX = 64;

    private final ModelHost host;
    private final Answers answers;

    CompletionEndpoint(ModelHost host, Answers answers) {
        this.host = host;
        this.answers = answers;
    }

    void answer(Exchange exchange) throws IOException {
        var writer = answers.writer();
        var fields = new Fields(Json.readObject(exchange.bodyBytes()));
        fields.refuse("echo", "suffix", "logprobs");
        int bestOf = fields.integer("best_of", 1, Integer.MAX_VALUE).orElse(1);
        if (bestOf != 1) {
            throw HttpFailure.invalid("best_of", "best_of is not supported by this runner yet.");
        }
        var settings = AnswerSettings.read(fields, host.modelName());
        answers.answer(exchange, settings, prompts(writer, fields.node("prompt")), "prompt", CompletionFormat::new);
    }

    private static List<int[]> prompts(ServedModel.Writer writer, JsonNode prompt) {
        if (prompt.isString() || AnswerSettings.isTokens(prompt)) {
            return List.of(encode(writer, prompt));
        }
        if (!prompt.isArray() || prompt.isEmpty() || prompt.size() > PROMPTS_MAX) {
            throw HttpFailure.invalid(
                    "prompt", "prompt is a string, a list of tokens, or a list of 1 to " + PROMPTS_MAX + " of either.");
        }
        var prompts = new ArrayList<int[]>();
        prompt.forEach(item -> prompts.add(encode(writer, item)));
        return prompts;
    }

    private static int[] encode(ServedModel.Writer writer, JsonNode prompt) {
        if (prompt.isString()) {
            return writer.tokenizer().encode(prompt.stringValue(), true);
        }
        if (!AnswerSettings.isTokens(prompt)) {
            throw HttpFailure.invalid("prompt", "Each prompt is a string or a list of tokens.");
        }
        var tokens = new int[prompt.size()];
        for (int index = 0; index < tokens.length; index++) {
            if (!prompt.get(index).canConvertToInt() || prompt.get(index).intValue() < 0) {
                throw HttpFailure.invalid("prompt", "A token is a whole number that is not negative.");
            }
            tokens[index] = prompt.get(index).intValue();
        }
        return tokens;
    }
}
