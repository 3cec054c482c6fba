package dev.leasehold.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingEndpointTest {
    private static final String PATH = "/v1/embeddings";

    @TempDir
    Path cache;

    private TestRunner runner;

    @BeforeEach
    void start() throws Exception {
        runner = new TestRunner(cache, TestRunner.LIMITS).loaded("embedding");
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void eachTextHasItsVector() throws Exception {
        var answer = runner.ask("POST", PATH, "{\"model\": \"m\", \"input\": [\"a\", \"b\"]}");

        assertThat(answer.body())
                .isEqualTo("{\"object\":\"list\",\"data\":["
                        + "{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.6,0.0,0.8]},"
                        + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.6,0.0,0.8]}],"
                        + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}");
    }

    @Test
    void base64IsLittleEndianFloats() throws Exception {
        var answer = runner.ask("POST", PATH, "{\"input\": \"a\", \"encoding_format\": \"base64\"}");

        var text = answer.json().path("data").get(0).path("embedding").stringValue();
        var floats = ByteBuffer.wrap(Base64.getDecoder().decode(text))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        assertThat(floats.remaining()).isEqualTo(3);
        assertThat(floats.get(2)).isEqualTo(0.8f);
    }

    @Test
    void fewerDimensionsAreOfNormOneAgain() throws Exception {
        var answer = runner.ask("POST", PATH, "{\"input\": \"a\", \"dimensions\": 2}");

        assertThat(answer.json().path("data").get(0).path("embedding").toString())
                .isEqualTo("[1.0,0.0]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "input           # \"x\": 1",
                "input           # \"input\": []",
                "input           # \"input\": \"\"",
                "input           # \"input\": [1, 2]",
                "input           # \"input\": [[1], [2]]",
                "input           # \"input\": [\"a\", 5]",
                "dimensions      # \"input\": \"a\", \"dimensions\": 4",
                "dimensions      # \"input\": \"a\", \"dimensions\": 0",
                "encoding_format # \"input\": \"a\", \"encoding_format\": \"hex\""
            })
    void whatIsWrongIsRefusedByItsName(String param, String fields) throws Exception {
        var answer = runner.ask("POST", PATH, "{" + fields + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.param()).isEqualTo(param);
    }

    @Test
    void aTextThatIsTooLongIsRefused() throws Exception {
        var answer = runner.ask("POST", PATH, "{\"input\": \"" + "a".repeat(101) + "\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("100 tokens");
    }

    @Test
    void aModelOfVectorsDoesNotChat() throws Exception {
        assertThat(runner.ask("POST", "/v1/chat/completions", "{\"messages\": []}")
                        .status())
                .isEqualTo(404);
    }
}
