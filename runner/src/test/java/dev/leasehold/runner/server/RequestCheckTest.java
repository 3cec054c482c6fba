package dev.leasehold.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestCheckTest {
    private TestRunner runner;

    @BeforeAll
    void start(@TempDir Path cache) throws Exception {
        runner = new TestRunner(cache, TestRunner.LIMITS).loaded("chat");
    }

    @AfterAll
    void stop() {
        runner.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "messages[0]               # \"messages\": [5]",
                "messages                  # \"x\": 1",
                "messages                  # \"messages\": []",
                "messages                  # \"messages\": \"hi\"",
                "messages[0].role          # \"messages\": [{\"role\": \"tool\", \"content\": \"a\"}]",
                "messages[0].content       # \"messages\": [{\"role\": \"user\", \"content\": 5}]",
                "messages[0].content       # \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]"
            })
    void messagesThatAreNoneAreRefusedByTheirPlace(String param, String fields) throws Exception {
        var answer = runner.ask("POST", "/v1/chat/completions", "{" + fields + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.param()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "temperature     # \"temperature\": 2.1",
                "temperature     # \"temperature\": \"hot\"",
                "temperature     # \"temperature\": -0.1",
                "top_p           # \"top_p\": 0",
                "top_p           # \"top_p\": 1.5",
                "n               # \"n\": 0",
                "n               # \"n\": 17",
                "n               # \"n\": 1.5",
                "max_tokens      # \"max_tokens\": 0",
                "max_tokens      # \"max_tokens\": 99999999999",
                "max_completion_tokens # \"max_completion_tokens\": 0",
                "stop            # \"stop\": [\"a\", \"b\", \"c\", \"d\", \"e\"]",
                "stop            # \"stop\": \"\"",
                "stop            # \"stop\": [1]",
                "stop            # \"stop\": {}",
                "seed            # \"seed\": 1.5",
                "seed            # \"seed\": 9223372036854775808",
                "stream          # \"stream\": \"yes\"",
                "stream_options  # \"stream_options\": {\"include_usage\": true}",
                "stream_options  # \"stream\": true, \"stream_options\": 5",
                "logit_bias      # \"logit_bias\": {\"5\": 1}",
                "presence_penalty # \"presence_penalty\": 0.5",
                "logprobs        # \"logprobs\": 3",
                "model           # \"model\": 5"
            })
    void aSettingOutsideItsRangeIsRefusedByItsName(String param, String fields) throws Exception {
        var answer = runner.ask("POST", "/v1/completions", "{\"prompt\": \"a\", " + fields + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.param()).isEqualTo(param);
        assertThat(answer.message()).contains(param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "tools           # \"tools\": [{\"type\": \"function\"}]",
                "response_format # \"response_format\": {\"type\": \"json_object\"}",
                "logprobs        # \"logprobs\": true"
            })
    void whatIsNotThereYetIsSaidInsteadOfLeftOut(String param, String fields) throws Exception {
        var messages = "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], ";

        var answer = runner.ask("POST", "/v1/chat/completions", "{" + messages + fields + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.param()).isEqualTo(param);
        assertThat(answer.message()).contains("not supported by this runner yet");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"prompt\": []}",
                "{\"prompt\": 5}",
                "{\"prompt\": \"\"}",
                "{\"prompt\": [\"a\", 5]}",
                "{\"prompt\": [-1]}",
                "{\"prompt\": [99999999999]}",
                "{\"prompt\": [[1], []]}"
            })
    void aPromptThatIsNoneIsRefused(String body) throws Exception {
        var answer = runner.ask("POST", "/v1/completions", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.param()).isEqualTo("prompt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\": \"a\", \"echo\": true}",
                "{\"prompt\": \"a\", \"best_of\": 2}",
                "{\"prompt\": \"a\", \"suffix\": \"b\"}"
            })
    void theOldSettingsOfCompletionsAreRefused(String body) throws Exception {
        assertThat(runner.ask("POST", "/v1/completions", body).message()).contains("not supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "null", "\"text\"", "\u0000"})
    void aBodyThatIsNoObjectIsRefused(String body) throws Exception {
        assertThat(runner.ask("POST", "/v1/completions", body).status()).isEqualTo(400);
    }

    @Test
    void aPromptWithoutRoomForAnAnswerIsRefused() throws Exception {
        var answer = runner.ask("POST", "/v1/completions", "{\"prompt\": \"" + "a".repeat(100) + "\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("100 tokens");
        assertThat(answer.json().path("error").path("code").stringValue()).isEqualTo("context_length_exceeded");
    }

    @Test
    void aBodyOverTheLimitIsRefusedAlsoWhenItIsSentToItsEnd() throws Exception {
        var answer = runner.ask("POST", "/v1/completions", "{\"prompt\": \"" + "a".repeat(19_990) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void aModelThatWritesHasNoEmbeddings() throws Exception {
        assertThat(runner.ask("POST", "/v1/embeddings", "{\"input\": \"a\"}").status())
                .isEqualTo(404);
    }
}
