package dev.leasehold.gateway;

import static dev.leasehold.gateway.stream.ScriptedRunner.chatChunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.leasehold.gateway.edge.RawClient;
import dev.leasehold.gateway.stream.FakeExchange;
import dev.leasehold.gateway.stream.ScriptedRunner;
import dev.leasehold.gateway.stream.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAI API over real HTTP, with a real database behind it and scripted runners on real TLS. */
class OpenAiApiTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String AUTHORIZATION = "Authorization: Bearer " + TestGateway.KEY + "\r\n";
    private static final String HELLO = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";

    @TempDir
    private static Path home;

    private static TestGateway gateway;
    private static TestCertificate certificate;
    private static OpenAIClient sdk;

    private ScriptedRunner one;
    private ScriptedRunner two;

    @BeforeAll
    static void startGateway() throws IOException, GeneralSecurityException, InterruptedException {
        certificate = new TestCertificate();
        gateway = new TestGateway(home);
        sdk = sdk(TestGateway.KEY);
    }

    private static OpenAIClient sdk(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stopGateway() {
        sdk.close();
        gateway.close();
    }

    @BeforeEach
    void startRunners() throws IOException, GeneralSecurityException {
        one = new ScriptedRunner(certificate);
        two = new ScriptedRunner(certificate);
    }

    @AfterEach
    void clear() throws IOException {
        gateway.clear();
        one.close();
        two.close();
    }

    private void served(String task, ScriptedRunner... runners) {
        gateway.deploy("m", task);
        Arrays.stream(runners).forEach(runner -> gateway.serve("m", runner.target()));
    }

    private static ChatCompletionCreateParams hello(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("Hello")
                .build();
    }

    /** Asks and reads all of a streamed answer, however it ends. */
    private static String streamed(String body) throws IOException {
        try (var client = new RawClient(gateway.port())) {
            var head = client.post(CHAT, AUTHORIZATION, body).head();
            assertThat(head.status()).isEqualTo(200);
            var text = new StringBuilder();
            try {
                for (var piece = client.chunk(); !piece.isEmpty(); piece = client.chunk()) {
                    text.append(piece);
                }
            } catch (IOException | NumberFormatException _) {
                text.append("(cut)");
            }
            return text.toString();
        }
    }

    private static int status(String headers, String body) throws IOException {
        try (var client = new RawClient(gateway.port())) {
            return client.post(CHAT, headers, body).head().status();
        }
    }

    @Test
    void theSdkChats() {
        one.does((_, answer) -> answer.chat("Hel", "lo"));
        served("CHAT", one);

        var completion = sdk.chat().completions().create(hello("m"));

        assertThat(completion.choices().getFirst().message().content()).contains("Hello");
        assertThat(completion.usage().orElseThrow().totalTokens()).isEqualTo(5);
    }

    @Test
    void theSdkStreams() {
        one.does((_, answer) -> answer.chat("Hel", "lo"));
        served("CHAT", one);

        var text = new StringBuilder();
        try (var stream = sdk.chat().completions().createStreaming(hello("m"))) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(text::append));
        }

        assertThat(text).hasToString("Hello");
    }

    @Test
    void theSdkEmbeds() {
        one.does((_, answer) -> answer.json(200, """
                {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.5]}],"model":"m",
                 "usage":{"prompt_tokens":2,"total_tokens":2}}"""));
        served("EMBEDDING", one);

        var embeddings = sdk.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("m")
                        .input("Hello")
                        .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build());

        assertThat(embeddings.data().getFirst().embedding()).containsExactly(0.5f, -0.5f);
        assertThat(embeddings.usage().promptTokens()).isEqualTo(2);
    }

    @Test
    void theSdkListsTheDeployments() {
        served("CHAT");

        assertThat(sdk.models().list().data()).extracting(model -> model.id()).containsExactly("m");
        assertThat(sdk.models().retrieve("m").ownedBy()).isEqualTo("leasehold");
        assertThatThrownBy(() -> sdk.models().retrieve("other")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void theSdkUnderstandsRefusals() {
        one.does((_, answer) -> answer.json(
                400,
                "{\"error\":{\"message\":\"too warm\",\"type\":\"invalid_request_error\",\"param\":\"temperature\","
                        + "\"code\":null}}"));
        served("CHAT", one);

        assertThatThrownBy(() -> sdk.chat().completions().create(hello("other")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("\"other\"");
        assertThatThrownBy(() -> sdk.chat().completions().create(hello("m")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("too warm");
        var stranger = sdk("sk-lh-" + "Nope".repeat(10));
        assertThatThrownBy(() -> stranger.chat().completions().create(hello("m")))
                .isInstanceOf(UnauthorizedException.class);
        stranger.close();
    }

    @Test
    void anotherReplicaAnswersWhatOneLostBeforeItsFirstToken() throws IOException {
        one.does((_, answer) -> answer.stream().chunk(": waiting\n\n").cut());
        two.does((_, answer) -> answer.chat("saved"));
        served("CHAT", one, two);

        for (int time = 0; time < 8; time++) {
            assertThat(streamed(HELLO)).contains("saved").endsWith("data: [DONE]\n\n");
        }
        assertThat(one.requests()).isNotEmpty();
    }

    @Test
    void anotherReplicaGathersWhatOneLostInTheMiddle() {
        one.does((_, answer) -> answer.stream()
                .event(chatChunk("{\"content\":\"lost\"}", "null"))
                .cut());
        two.does((_, answer) -> answer.chat("saved"));
        served("CHAT", one, two);

        for (int time = 0; time < 8; time++) {
            var completion = sdk.chat().completions().create(hello("m"));
            assertThat(completion.choices().getFirst().message().content()).contains("saved");
        }
        assertThat(one.requests()).isNotEmpty();
    }

    @Test
    void anAnswerThatIsLostInTheMiddleEndsInAnErrorAndNeverInDone() throws IOException {
        one.does((_, answer) -> answer.stream()
                .event(chatChunk("{\"content\":\"half\"}", "null"))
                .cut());
        served("CHAT", one);

        assertThat(streamed(HELLO))
                .contains("half")
                .contains("\"code\":\"runner_lost\"")
                .endsWith("(cut)")
                .doesNotContain("[DONE]");
    }

    @Test
    void aReplicaThatIsBusyHandsTheRequestToAnother() throws IOException {
        one.does((_, answer) -> answer.json(429, "{\"error\":{}}"));
        two.does((_, answer) -> answer.chat("free"));
        served("CHAT", one, two);

        for (int time = 0; time < 8; time++) {
            assertThat(streamed(HELLO)).contains("free");
        }
    }

    @Test
    void whenAllReplicasAreBusyTheClientIsToldToAskLater() {
        one.does((_, answer) -> answer.json(429, "{\"error\":{}}"));
        served("CHAT", one);

        var refusal = catchThrowableOfType(
                RateLimitException.class, () -> sdk.chat().completions().create(hello("m")));

        assertThat(refusal.headers().values("retry-after")).containsExactly("1");
    }

    @Test
    void aRequestWaitsForTheReplicaThatIsBroughtUp() throws IOException, InterruptedException {
        served("CHAT");
        two.does((_, answer) -> answer.chat("late"));
        var answer = new String[1];

        var asking = Thread.ofVirtual().start(() -> {
            try {
                answer[0] = streamed(HELLO);
            } catch (IOException e) {
                answer[0] = e.toString();
            }
        });
        gateway.lease("m", two.target());
        asking.join();

        assertThat(answer[0]).contains("late");
    }

    @Test
    void aReplicaThatFailsOnceIsAskedAgainIfThereIsNoOther() throws IOException {
        one.does((_, answer) -> {
            if (one.requests().size() == 1) {
                answer.cut();
            }
            answer.chat("again");
        });
        served("CHAT", one);

        assertThat(streamed(HELLO)).contains("again");
    }

    @Test
    void aRequestThatEndsEveryRunnerIsGivenUp() {
        one.does((_, answer) -> answer.cut());
        two.does((_, answer) -> answer.cut());
        served("CHAT", one, two);

        var refusal = catchThrowableOfType(
                OpenAIServiceException.class, () -> sdk.chat().completions().create(hello("m")));

        assertThat(refusal.statusCode()).isEqualTo(502);
        assertThat(one.requests().size() + two.requests().size()).isEqualTo(3);
    }

    @Test
    void withoutAnyReplicaTheClientIsToldToAskLater() {
        served("CHAT");

        var refusal = catchThrowableOfType(
                OpenAIServiceException.class, () -> sdk.chat().completions().create(hello("m")));

        assertThat(refusal.statusCode()).isEqualTo(503);
        assertThat(refusal.headers().values("retry-after")).containsExactly("1");
    }

    @Test
    void aClientThatLeavesWhileItsPromptWaitsClosesTheConnectionToTheRunner() throws IOException, InterruptedException {
        var asked = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        one.does((_, answer) -> {
            asked.countDown();
            try {
                answer.awaitClosed();
            } finally {
                closed.countDown();
            }
        });
        served("CHAT", one);
        try (var client = new RawClient(gateway.port())) {
            client.post(CHAT, AUTHORIZATION, HELLO);
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void unknownFieldsReachTheRunnerAndOursDoNot() throws IOException {
        one.does((_, answer) -> answer.chat("Hi"));
        served("CHAT", one);

        streamed(
                "{\"model\":\"m\",\"stream\":true,\"novel\":{\"a\":[1]},\"leasehold\":{\"resume\":1},\"messages\":[]}");

        var sent = new JsonMapper().readTree(one.requests().getFirst().body());
        assertThat(sent.path("novel").path("a").path(0).intValue()).isEqualTo(1);
        assertThat(sent.path("leasehold").isNull()).isTrue();
        assertThat(sent.path("stream_options").path("include_usage").booleanValue())
                .isTrue();
    }

    @Test
    void modelsAreAskedOnlyForWhatTheyDo() {
        served("EMBEDDING", one);

        assertThatThrownBy(() -> sdk.chat().completions().create(hello("m")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("/v1/embeddings");
    }

    @Test
    void badRequestsAreRefusedInOpenAisShape() throws IOException {
        assertThat(status("", HELLO)).isEqualTo(401);
        assertThat(status("Authorization: Basic eDp5\r\n", HELLO)).isEqualTo(401);
        assertThat(status(AUTHORIZATION, "{\"model\":")).isEqualTo(400);
        assertThat(status(AUTHORIZATION, "")).isEqualTo(400);
        try (var client = new RawClient(gateway.port())) {
            var wrongMethod =
                    client.send("GET " + CHAT + " HTTP/1.1\r\nHost: x\r\n\r\n").head();
            assertThat(wrongMethod.status()).isEqualTo(405);
            assertThat(wrongMethod.headers()).containsEntry("allow", "POST").containsKey("x-request-id");
            client.body(wrongMethod);
            var unknownPath = client.post("/v2/\"", AUTHORIZATION, "{}").head();
            assertThat(unknownPath.status()).isEqualTo(404);
            assertThat(new JsonMapper()
                            .readTree(client.body(unknownPath))
                            .path("error")
                            .path("code")
                            .stringValue())
                    .isEqualTo("unknown_url");
        }
    }

    @Test
    void aBodyOfFiftyMegabytesIsRefusedAndItsSenderReadsWhy() throws IOException {
        try (var client = new RawClient(gateway.port())) {
            client.send("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION
                            + "Content-Length: 50000000\r\n\r\n")
                    .send(new byte[50_000_000]);

            var head = client.head();

            assertThat(head.status()).isEqualTo(413);
            assertThat(client.body(head)).contains("32 MB");
        }
    }

    @Test
    void withoutItsDatabaseItServesWhomItKnowsAndSaysNothingAboutOthers() throws IOException {
        one.does((_, answer) -> answer.chat("still here"));
        served("CHAT", one);
        streamed(HELLO);

        gateway.line().cut();

        assertThat(streamed(HELLO)).contains("still here");
        assertThat(status("Authorization: Bearer sk-lh-" + "Late".repeat(10) + "\r\n", HELLO))
                .isEqualTo(503);
    }

    @Test
    void theConsoleChatsWithoutAKey() {
        one.does((_, answer) -> answer.chat("Hi"));
        served("CHAT", one);
        var exchange = new FakeExchange("POST", "/console/chat", HELLO);

        gateway.api().chat(exchange);

        assertThat(exchange.text()).contains("Hi").endsWith("data: [DONE]\n\n");
    }

    @Test
    void itSaysThatItIsUpWithoutAKey() throws IOException {
        try (var client = new RawClient(gateway.port())) {
            var head = client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n").head();

            assertThat(client.body(head)).isEqualTo("{\"status\":\"up\"}");
        }
    }

    @Test
    void agentsAreAnsweredOnTheSamePort() throws IOException {
        try (var client = new RawClient(gateway.port())) {
            var head = client.post("/agent/v1/heartbeat", "Authorization: Bearer wrong\r\n", "{}")
                    .head();

            assertThat(head.status()).isEqualTo(401);
        }
    }
}
