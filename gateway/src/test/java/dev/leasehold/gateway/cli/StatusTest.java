package dev.leasehold.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.cli.FakeManagementApi.Answer;
import dev.leasehold.gateway.platform.Home;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StatusTest {
    private static final String ONE_SERVES = """
            {"data": [{"name": "chat", "model": "starter-chat", "task": "chat", "status": "SERVING",
                       "wanted_replicas": 2, "ready_replicas": 2, "price_usd_per_hour": 0.20, "replicas": []}]}""";

    private final FakeManagementApi api = FakeManagementApi.start();

    @TempDir
    private Path folder;

    private CommandFixture command;

    @BeforeEach
    void nameHome() {
        command = new CommandFixture(new Home(folder.resolve("home")));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void scriptsGetUrlsAndKeyAndDeployments() {
        api.when("GET /api/deployments", ONE_SERVES);
        command.runningAt(api.url(), true);

        var result = command.run("status", "--json");

        var status = json(result.out());
        assertThat(result.exitCode()).isZero();
        assertThat(status.propertyNames()).containsExactly("ready", "api_url", "console_url", "api_key", "deployments");
        assertThat(status.path("ready").asBoolean()).isTrue();
        assertThat(status.path("api_url").asString()).isEqualTo(api.url());
        assertThat(status.path("console_url").asString()).isEqualTo(api.url());
        assertThat(status.path("api_key").asString()).isEqualTo(CommandFixture.KEY);
        assertThat(status.path("deployments").path(0).path("name").asString()).isEqualTo("chat");
    }

    @Test
    void peopleGetATable() {
        api.when("GET /api/deployments", ONE_SERVES);
        command.runningAt(api.url(), true);

        var result = command.run("status");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("Leasehold is ready.", api.url() + "/v1", "chat  starter-chat  chat  serving  2/2    0.20")
                .doesNotContain(CommandFixture.KEY);
    }

    @Test
    void oneThatStartsIsNotReadyYet() {
        api.when("GET /api/deployments", "{\"data\": []}");
        command.runningAt(api.url(), false);

        var result = command.run("status", "--json");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(json(result.out()).path("ready").asBoolean(true)).isFalse();
        assertThat(command.run("status").out()).contains("Leasehold is starting.");
    }

    @Test
    void whereNothingRunsThereIsJsonAllTheSame() {
        var result = command.run("status", "--json");

        var status = json(result.out());
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(status.path("ready").asBoolean(true)).isFalse();
        assertThat(status.path("deployments").isArray()).isTrue();
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void theOneThatAnswersForAnotherHomeIsNotAsked() {
        api.when("GET /api/deployments", ONE_SERVES);
        command.killedAt(api.url());

        var result = command.run("status");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).contains("not running").contains("./leasehold up");
        assertThat(api.asked).isEmpty();
    }

    @Test
    void aDatabaseThatIsAwayIsSaidAndScriptsGetTheirJson() {
        api.when("GET /api/deployments", new Answer(503, "{\"detail\": \"The database does not answer.\"}"));
        command.runningAt(api.url(), true);

        var result = command.run("status", "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(json(result.out()).path("ready").asBoolean(true)).isFalse();
        assertThat(result.err()).isEqualToIgnoringNewLines("The database does not answer.");
    }

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text);
    }
}
