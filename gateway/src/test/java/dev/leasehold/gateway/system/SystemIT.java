package dev.leasehold.gateway.system;

import static dev.leasehold.gateway.system.Installation.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything as its user has it: {@code ./leasehold up}, real processes, real models, {@code kill -9}. Each test leaves
 * what it found.
 */
class SystemIT {
    private static final Path STORIES =
            Path.of("../../shared/data/models/stories260k").toAbsolutePath().normalize();
    private static final String CHAT = "/v1/chat/completions";
    private static final String RUNNER = "dev.leasehold.runner.Runner";
    private static final String AGENT = "dev.leasehold.deploy.agent.Agent";
    private static final String UP = "dev.leasehold.gateway.Leasehold";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder;

    private static Installation installation;
    private static Process up;
    private static OpenAIClient sdk;

    @BeforeAll
    static void comeUp() {
        installation = new Installation(folder.resolve("home"));
        up = installation.up();
        sdk = OpenAIOkHttpClient.builder()
                .baseUrl(installation.url() + "/v1")
                .apiKey(installation.key())
                .build();
    }

    /** The last test of all: nothing is left. */
    @AfterAll
    static void goDown() throws InterruptedException {
        try (var closing = installation) {
            sdk.close();
            up.destroy();

            assertThat(up.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(up.exitValue()).as(closing.said("up")).isZero();
            assertThat(closing.allProcesses())
                    .extracting(Installation::commandLine)
                    .isEmpty();
        }
    }

    private static List<Long> pids(String program) {
        return installation.processes(program).stream()
                .map(ProcessHandle::pid)
                .sorted()
                .toList();
    }

    private static ProcessHandle runnerOf(String deployment) {
        var lease = installation
                .deployment(deployment)
                .path("replicas")
                .path(0)
                .path("lease")
                .asString("?");
        return installation.processes(RUNNER).stream()
                .filter(process -> environmentOf(process).contains("LEASEHOLD_LEASE=" + lease))
                .findFirst()
                .orElseThrow();
    }

    private static String environmentOf(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), "environ"), ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    @Test
    void theSdkIsAnsweredByRealModels() {
        var text = new StringBuilder();
        var params = ChatCompletionCreateParams.builder()
                .model("starter-chat")
                .addUserMessage("Hello")
                .maxCompletionTokens(8)
                .temperature(0)
                .build();
        try (var stream = sdk.chat().completions().createStreaming(params)) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(text::append));
        }
        var whole = sdk.chat().completions().create(params);
        var vectors = sdk.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("all-minilm-l6-v2")
                        .inputOfArrayOfStrings(List.of("A cat sat.", "A kitten was sitting.", "Quarterly tax report"))
                        .build());

        assertThat(whole.choices().getFirst().message().content()).contains(text.toString());
        assertThat(whole.usage().orElseThrow().completionTokens()).isBetween(1L, 8L);
        assertThat(similarity(
                        vectors.data().get(0).embedding(), vectors.data().get(1).embedding()))
                .isGreaterThan(similarity(
                        vectors.data().get(0).embedding(), vectors.data().get(2).embedding()));
    }

    private static double similarity(List<Float> one, List<Float> two) {
        double sum = 0;
        for (int index = 0; index < one.size(); index++) {
            sum += one.get(index) * two.get(index);
        }
        return sum;
    }

    @Test
    void answersAreAsOpenAiDescribesThem() throws IOException, InterruptedException {
        assumeTrue(OpenAiSchema.isHere());
        var schema = new OpenAiSchema();
        var hello =
                "\"model\":\"starter-chat\",\"max_tokens\":4,\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

        schema.assertIs(
                "CreateChatCompletionResponse",
                installation.post(CHAT, "{" + hello + "}").body());
        var stream =
                installation.post(CHAT, "{" + hello + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        var events = stream.body().split("\n\n", -1);
        for (int index = 0; index < events.length - 2; index++) {
            schema.assertIs("CreateChatCompletionStreamResponse", events[index].substring("data: ".length()));
        }
        assertThat(events[events.length - 2]).isEqualTo("data: [DONE]");
        schema.assertIs(
                "CreateCompletionResponse",
                installation
                        .post(
                                "/v1/completions",
                                "{\"model\":\"starter-chat\",\"prompt\":[\"a\",\"b\"],\"max_tokens\":3}")
                        .body());
        schema.assertIs(
                "CreateEmbeddingResponse",
                installation
                        .post(
                                "/v1/embeddings",
                                "{\"model\":\"all-minilm-l6-v2\",\"input\":[\"a\",\"b\"],\"dimensions\":8}")
                        .body());
        schema.assertIs(
                "ListModelsResponse",
                installation.get(installation.url() + "/v1/models").body());
        schema.assertIs("ErrorResponse", installation.post(CHAT, "{").body());
        schema.assertIs(
                "ErrorResponse",
                installation.post(CHAT, "{" + hello + ",\"temperature\":9}").body());
    }

    @Test
    void aCheckpointOfTheUsersContinuesAsItWasTrained() throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(STORIES));

        int deployed = installation.run("deploy", "deploy", "file:" + STORIES, "--name", "stories", "--wait");
        var answer = installation.post(
                "/v1/completions", "{\"model\":\"stories\",\"prompt\":\"\",\"max_tokens\":100,\"temperature\":0}");
        int removed = installation.run("rm", "rm", "stories");

        assertThat(deployed).as(installation.said("deploy")).isZero();
        var text = json(answer.body()).path("choices").path(0).path("text").asString("");
        assertThat(text).isNotBlank();
        assertThat(Files.readString(STORIES.resolve("greedy.txt"))).startsWith(text.strip());
        assertThat(removed).isZero();
        await(
                "stories is gone",
                () -> installation.deployment("stories").path("status").asInt(0) == 404);
    }

    @Test
    void theCommandTellsScriptsHowItIs() throws IOException, InterruptedException {
        int code = installation.run("status", "status", "--json");

        assertThat(code).isZero();
        var status = json(installation.said("status"));
        assertThat(status.path("ready").booleanValue()).isTrue();
        assertThat(status.path("api_url").stringValue()).isEqualTo(installation.url());
        assertThat(status.path("api_key").stringValue()).isEqualTo(installation.key());
        assertThat(status.path("deployments")).hasSizeGreaterThanOrEqualTo(2);
        for (var secret : List.of("key", "secret", "join-token")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(installation.home().resolve(secret))))
                    .as(secret)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void secretsAreInNoProcessListAndNoLog() throws IOException {
        var secrets = new ArrayList<String>();
        for (var secret : List.of("key", "secret", "join-token")) {
            secrets.add(Files.readString(installation.home().resolve(secret)).strip());
        }

        assertThat(installation.allProcesses())
                .isNotEmpty()
                .allSatisfy(
                        process -> assertThat(Installation.commandLine(process)).doesNotContain(secrets));
        try (var logs = Files.list(installation.home().resolve("logs"))) {
            assertThat(logs)
                    .isNotEmpty()
                    .allSatisfy(log -> assertThat(Files.readString(log)).doesNotContain(secrets));
        }
    }

    @Test
    void aRunnerThatIsKilledIsReplacedAndNoRequestIsLost() throws InterruptedException {
        try (var traffic = new Traffic(installation, "starter-chat")) {
            traffic.awaitMore();
            var killed = runnerOf("starter-chat");

            killed.destroyForcibly();
            await("it is gone", () -> !killed.isAlive());
            traffic.awaitMore();
            await("another one serves", () -> installation.isServing("starter-chat"));

            assertThat(traffic.failures()).isEmpty();
            assertThat(runnerOf("starter-chat").pid()).isNotEqualTo(killed.pid());
            assertThat(installation.processes(RUNNER)).hasSize(2);
        }
    }

    @Test
    void anAgentThatIsKilledLeavesItsRunnersAndTheNextOneTakesThemOver() throws InterruptedException {
        try (var traffic = new Traffic(installation, "starter-chat")) {
            traffic.awaitMore();
            var runners = pids(RUNNER);
            var killed = installation.processes(AGENT).getFirst();

            killed.destroyForcibly();
            await(
                    "another agent runs",
                    () -> installation.processes(AGENT).stream().anyMatch(agent -> agent.pid() != killed.pid()));
            traffic.awaitMore();
            await("the agent has told what it took over", () -> installation.isServing("starter-chat"));

            assertThat(traffic.failures()).isEmpty();
            assertThat(pids(RUNNER)).isEqualTo(runners);
        }
    }

    @Test
    void aDatabaseThatIsKilledDisturbsNobody() throws InterruptedException {
        try (var traffic = new Traffic(installation, "starter-chat")) {
            traffic.awaitMore();
            var runners = pids(RUNNER);
            var servers = installation.processes("/bin/postgres");

            servers.forEach(ProcessHandle::destroyForcibly);
            await("it is gone", () -> servers.stream().noneMatch(ProcessHandle::isAlive));
            traffic.awaitMore();
            await("the management answers again", () -> installation.isServing("starter-chat"));
            traffic.awaitMore();

            assertThat(traffic.failures()).isEmpty();
            assertThat(pids(RUNNER)).isEqualTo(runners);
        }
    }

    @Test
    void aGatewayThatIsKilledIsTakenOverWithAllThatServes() throws IOException, InterruptedException {
        await("all serve", () -> installation.isServing("starter-chat") && installation.isServing("all-minilm-l6-v2"));
        var runners = pids(RUNNER);
        var agents = pids(AGENT);
        var key = installation.key();

        installation.processes(UP).forEach(ProcessHandle::destroyForcibly);
        await("it is gone", () -> installation.processes(UP).isEmpty());
        assertThat(pids(RUNNER)).isEqualTo(runners);
        up = installation.up();

        assertThat(installation.key()).isEqualTo(key);
        assertThat(pids(RUNNER)).isEqualTo(runners);
        assertThat(pids(AGENT)).isEqualTo(agents);
        var answer = installation.post(
                CHAT, "{\"model\":\"starter-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void whatASecondProviderServesMovesToTheFirstWhenItDiesWithItsRunners() throws InterruptedException {
        var second = installation.start("agent-b", List.of("agent", "--name", "b", "--price", "0.01"));
        await("it has joined", () -> providers().contains("b"));
        assertThat(installation.run("deploy", "deploy", "starter-chat", "--name", "moving", "--wait"))
                .isZero();
        assertThat(provider("moving")).isEqualTo("b");
        try (var traffic = new Traffic(installation, "moving")) {
            traffic.awaitMore();

            installation.processes("agents/b").forEach(ProcessHandle::destroyForcibly);
            runnerOf("moving").destroyForcibly();
            await(
                    "it has moved",
                    () -> installation.isServing("moving") && provider("moving").equals("local"));
            traffic.awaitMore();

            assertThat(traffic.failures()).allMatch(failure -> failure.startsWith("503"));
        }
        assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(installation.run("rm", "rm", "moving")).isZero();
        await(
                "it is gone",
                () -> installation.deployment("moving").path("status").asInt(0) == 404);
    }

    private static String provider(String deployment) {
        return installation
                .deployment(deployment)
                .path("replicas")
                .path(0)
                .path("provider")
                .asString("");
    }

    private static List<String> providers() {
        try {
            var data = json(installation
                            .get(installation.consoleUrl() + "/api/providers")
                            .body())
                    .path("data");
            return data.valueStream()
                    .map(provider -> provider.path("provider").asString(""))
                    .toList();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
