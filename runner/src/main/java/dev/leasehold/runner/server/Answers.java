package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.ServedModel;
import dev.leasehold.runner.serving.ServedModel.BusyException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Generates and sends answers, streamed or whole. */
final class Answers {
    static final String FINGERPRINT = "leasehold-runner";

    private final ModelHost host;
    private final Metrics metrics;
    private final Clock clock;
    private final RandomGenerator random;
    private final Duration keepAlive;

    Answers(ModelHost host, Metrics metrics, Clock clock, RandomGenerator random, Duration keepAlive) {
        this.host = host;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
        this.keepAlive = keepAlive;
    }

    /** Makes the format of one answer. */
    interface Formats {
        AnswerFormat of(AnswerFormat.Head head, boolean withUsage);
    }

    ServedModel.Writer writer() {
        if (host.model() instanceof ServedModel.Writer writer) {
            return writer;
        }
        throw HttpFailure.coded(
                404,
                "invalid_request_error",
                host.modelName() + " turns text into vectors; ask /v1/embeddings.",
                "model",
                "model_not_found");
    }

    /** Answers a request; {@code param} is where its prompts came from. */
    void answer(Exchange exchange, AnswerSettings settings, List<int[]> prompts, String param, Formats formats)
            throws IOException {
        var writer = writer();
        long seed = settings.seed().orElseGet(random::nextLong);
        var requests = prompts.stream()
                .map(prompt -> request(settings, prompt, seed, writer.contextLength(), param))
                .toList();
        int promptTokens = prompts.stream().mapToInt(prompt -> prompt.length).sum();
        var prefix = param.equals("messages") ? "chatcmpl-" : "cmpl-";
        var head = new AnswerFormat.Head(
                prefix + HexFormat.of().toHexDigits(random.nextLong()),
                clock.instant().getEpochSecond(),
                settings.model());
        try (var choices = generate(writer, requests, param)) {
            var format = formats.of(head, settings.includeUsage());
            var stream = new AnswerStream(exchange, choices, format, metrics.begin(promptTokens), writer::load);
            if (settings.stream()) {
                stream.events(promptTokens, settings.includeUsage(), keepAlive);
                return;
            }
            var whole = stream.whole(promptTokens);
            exchange.answer(200, Json.TYPE, Json.write(whole).getBytes(UTF_8), Map.of());
        }
    }

    private static GenerationRequest request(
            AnswerSettings settings, int[] prompt, long seed, int contextLength, String param) {
        int left = contextLength - prompt.length;
        if (left < 1) {
            throw HttpFailure.coded(
                    400,
                    "invalid_request_error",
                    "This model's context is " + contextLength + " tokens and the prompt has " + prompt.length
                            + ": shorten it.",
                    param,
                    "context_length_exceeded");
        }
        if (prompt.length == 0) {
            throw HttpFailure.invalid(param, "The prompt is empty.");
        }
        return new GenerationRequest(
                prompt,
                settings.choices(),
                Math.min(left, settings.maxTokens().orElse(left)),
                settings.stop(),
                settings.ignoreEndOfText(),
                new GenerationRequest.Sampling(settings.temperature(), settings.topP(), seed));
    }

    private static Choices generate(ServedModel.Writer writer, List<GenerationRequest> requests, String param) {
        try {
            return Choices.generate(writer, requests);
        } catch (BusyException e) {
            throw HttpFailure.later(429, "rate_limit_error", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw HttpFailure.invalid(param, String.valueOf(e.getMessage()));
        }
    }
}
