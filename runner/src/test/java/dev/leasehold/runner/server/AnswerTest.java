package dev.leasehold.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.runner.serving.Generation.FinishReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnswerTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]";

    @TempDir
    Path cache;

    private TestRunner runner;

    @BeforeEach
    void start() throws Exception {
        runner = new TestRunner(cache, TestRunner.LIMITS).loaded("chat");
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void aChatIsStreamedInOpenAisChunks() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(
                    wire,
                    "POST",
                    CHAT,
                    "{\"model\": \"m\", " + MESSAGES
                            + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}}");
            runner.models.next().text(0, "Hel").text(0, "").text(0, "lo").finished(0, FinishReason.STOP, 4);

            assertThat(wire.status()).isEqualTo(200);
            var chunks = events(wire);
            assertThat(chunks).hasSize(5);
            assertThat(chunks).allSatisfy(chunk -> {
                assertThat(chunk.path("object").stringValue()).isEqualTo("chat.completion.chunk");
                assertThat(chunk.path("id").stringValue()).startsWith("chatcmpl-");
                assertThat(chunk.path("model").stringValue()).isEqualTo("m");
                assertThat(chunk.path("created").longValue()).isEqualTo(TestRunner.NOW.getEpochSecond());
                assertThat(chunk.has("usage")).isTrue();
            });
            assertThat(chunks.get(0).path("choices").get(0).path("delta").toString())
                    .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
            assertThat(chunks.get(1).path("choices").get(0).path("delta").toString())
                    .isEqualTo("{\"content\":\"Hel\"}");
            assertThat(chunks.get(3).path("choices").get(0).toString())
                    .isEqualTo("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}");
            assertThat(chunks.get(3).path("usage").isNull()).isTrue();
            assertThat(chunks.get(4).path("choices")).isEmpty();
            assertThat(chunks.get(4).path("usage").toString())
                    .isEqualTo("{\"prompt_tokens\":7,\"completion_tokens\":4,\"total_tokens\":11}");
        }
    }

    @Test
    void withoutIncludeUsageNoChunkHasIt() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(wire, "POST", CHAT, "{" + MESSAGES + ", \"stream\": true}");
            runner.models.next().text(0, "a").finished(0, FinishReason.LENGTH, 1);

            wire.status();
            assertThat(events(wire)).hasSize(3).noneMatch(chunk -> chunk.has("usage"));
        }
    }

    @Test
    void aWholeChatHasEachChoiceAndTheTokensOfAll() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(wire, "POST", CHAT, "{" + MESSAGES + ", \"n\": 2}");
            runner.models
                    .next()
                    .text(1, "two")
                    .text(0, "one")
                    .finished(1, FinishReason.LENGTH, 5)
                    .finished(0, FinishReason.STOP, 3);

            var answer = wire.answer(true).json();
            assertThat(answer.path("object").stringValue()).isEqualTo("chat.completion");
            assertThat(answer.path("choices").get(0).toString())
                    .isEqualTo("{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"one\",\"refusal\":null},"
                            + "\"logprobs\":null,\"finish_reason\":\"stop\"}");
            assertThat(answer.path("choices").get(1).path("finish_reason").stringValue())
                    .isEqualTo("length");
            assertThat(answer.path("usage").path("completion_tokens").intValue())
                    .isEqualTo(8);
        }
    }

    @Test
    void completionsOfSeveralPromptsAreNumberedThrough() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(
                    wire, "POST", "/v1/completions", "{\"prompt\": [\"ab\", [7, 8, 9]], \"n\": 2, \"stream\": true}");
            var first = runner.models.next();
            var second = runner.models.next();
            first.text(1, "b").finished(0, FinishReason.STOP, 1).finished(1, FinishReason.STOP, 1);
            second.text(1, "d").finished(0, FinishReason.STOP, 1).finished(1, FinishReason.STOP, 1);

            wire.status();
            var texts = events(wire).stream()
                    .map(chunk -> chunk.path("choices").get(0))
                    .filter(choice -> !choice.path("text").stringValue().isEmpty())
                    .map(choice -> choice.path("index").intValue()
                            + choice.path("text").stringValue());
            assertThat(texts).containsExactlyInAnyOrder("1b", "3d");
            assertThat(second.request.prompt()).containsExactly(7, 8, 9);
        }
    }

    @Test
    void theSettingsReachTheEngine() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(
                    wire,
                    "POST",
                    "/v1/completions",
                    "{\"prompt\": \"abc\", \"max_tokens\": 5, \"temperature\": 0.5, \"top_p\": 0.9, \"stop\": \"x\","
                            + " \"seed\": -9223372036854775808, \"ignore_eos\": true}");
            var script = runner.models.next().finished(0, FinishReason.STOP, 0);

            wire.answer(true);
            var request = script.request;
            assertThat(request.prompt()).containsExactly('a', 'b', 'c');
            assertThat(request.maxTokens()).isEqualTo(5);
            assertThat(request.stop()).containsExactly("x");
            assertThat(request.ignoreEndOfText()).isTrue();
            assertThat(request.sampling().temperature()).isEqualTo(0.5);
            assertThat(request.sampling().topP()).isEqualTo(0.9);
            assertThat(request.sampling().seed()).isEqualTo(Long.MIN_VALUE);
        }
    }

    @Test
    void theDefaultLengthIsWhatTheContextLeavesAndSeedsDiffer() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(wire, "POST", "/v1/completions", "{\"prompt\": \"abc\"}");
            var first = runner.models.next().finished(0, FinishReason.STOP, 0);
            wire.answer(true);
            runner.send(wire, "POST", "/v1/completions", "{\"prompt\": \"abc\", \"max_tokens\": 5000}");
            var second = runner.models.next().finished(0, FinishReason.STOP, 0);
            wire.answer(true);

            assertThat(first.request.maxTokens()).isEqualTo(97);
            assertThat(second.request.maxTokens()).isEqualTo(97);
            assertThat(first.request.sampling().seed())
                    .isNotEqualTo(second.request.sampling().seed());
        }
    }

    @Test
    void metricsCountWhatWasServed() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(wire, "POST", CHAT, "{" + MESSAGES + "}");
            runner.models.next().text(0, "a").finished(0, FinishReason.STOP, 6);
            wire.answer(true);
        }

        var metrics = runner.ask("GET", "/metrics", "").body();

        assertThat(metrics)
                .contains("vllm:prompt_tokens_total{model_name=\"starter-chat\"} 7\n")
                .contains("vllm:generation_tokens_total{model_name=\"starter-chat\"} 6\n")
                .contains("vllm:num_requests_running{model_name=\"starter-chat\"} 2\n")
                .contains("finished_reason=\"stop\"} 1\n");
    }

    /** The chunks up to the mark of the end, which must be there. */
    static List<JsonNode> events(Wire wire) throws IOException {
        var chunks = new ArrayList<JsonNode>();
        for (var chunk = wire.chunk(); !chunk.equals("data: [DONE]\n\n"); chunk = wire.chunk()) {
            assertThat(chunk).startsWith("data: {").endsWith("}\n\n");
            chunks.add(new JsonMapper().readTree(chunk.substring("data: ".length())));
        }
        assertThat(wire.chunk()).isEmpty();
        return chunks;
    }
}
