package dev.leasehold.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.cli.CommandFixture.Result;
import dev.leasehold.gateway.cli.FakeManagementApi.Answer;
import dev.leasehold.gateway.platform.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployTest {
    private static final Answer LOADING = new Answer(200, deployment("PENDING", "loading 10%"));
    private static final Answer LOADING_MORE = new Answer(200, deployment("PENDING", "loading 90%"));
    private static final Answer SERVING = new Answer(200, deployment("SERVING", ""));
    private static final Answer AWAY = new Answer(503, "{\"detail\": \"The database does not answer.\"}");

    private final FakeManagementApi api = FakeManagementApi.start();

    @TempDir
    private Path folder;

    private CommandFixture command;

    @BeforeEach
    void run() {
        command = new CommandFixture(new Home(folder.resolve("home"))).runningAt(api.url(), true);
        api.when("POST /api/deployments", new Answer(201, "{\"name\": \"chat\"}"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void theWishesAreSent() {
        var result = command.run("deploy", "m", "--name", "chat", "--replicas", "2", "--price-max", "0.50");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("chat: deployed.");
        assertThat(api.asked.getFirst().body())
                .isEqualTo("{\"model\":\"m\",\"name\":\"chat\",\"replicas\":2,\"price_max_usd_per_hour\":0.50}");
    }

    @Test
    void aFolderIsNamedAsSeenFromTheCallersDirectory() {
        var here = Path.of("").toAbsolutePath();

        command.run("deploy", "file:src/../src/main");
        command.run("deploy", "./src");
        command.run("deploy", "file:///models/x");
        command.run("deploy", "nobody/model");

        assertThat(api.asked)
                .extracting(FakeManagementApi.Asked::body)
                .containsExactly(
                        "{\"model\":\"file:" + here.resolve("src/main") + "\",\"replicas\":1}",
                        "{\"model\":\"file:" + here.resolve("src") + "\",\"replicas\":1}",
                        "{\"model\":\"file:/models/x\",\"replicas\":1}",
                        "{\"model\":\"nobody/model\",\"replicas\":1}");
    }

    @Test
    void aFolderWhoseNameIsNotAsciiIsNamedAsItIs() throws Exception {
        var models = Files.createDirectory(folder.resolve("modèles à moi"));

        command.run("deploy", "file:" + models);

        assertThat(api.asked.getFirst().body()).contains("file:" + models);
    }

    @Test
    void aRefusalIsOneSentence() {
        api.when("POST /api/deployments", new Answer(422, """
                {"title": "No offer", "status": 422, "detail": "\\"chat\\" needs 4 GB; the largest offer has 2 GB."}"""));

        var result = command.run("deploy", "m", "--wait");

        assertThat(result).isEqualTo(new Result(1, "", "\"chat\" needs 4 GB; the largest offer has 2 GB.\n"));
    }

    @Test
    void whoeverWaitsSeesEachStageOnceAndItsEnd() {
        api.when("GET /api/deployments", LOADING, LOADING_MORE, SERVING);

        var result = command.run("deploy", "m", "--wait");

        assertThat(result).isEqualTo(new Result(0, "chat: loading 10%\nchat: serving\n", ""));
    }

    @Test
    void aDatabaseThatIsAwayForAMomentDoesNotEndTheWait() {
        api.when("GET /api/deployments", LOADING, AWAY, AWAY, SERVING);

        assertThat(command.run("deploy", "m", "--wait").exitCode()).isZero();
    }

    @Test
    void whatDoesNotComeUpInTimeIsSaidWithItsStage() {
        api.when("GET /api/deployments", LOADING);

        var result = command.run("deploy", "m", "--wait", "--timeout", "0");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("chat does not serve: loading 10%").contains("./leasehold logs chat");
    }

    @Test
    void whatIsRemovedMeanwhileIsSaid() {
        api.when("GET /api/deployments", LOADING, new Answer(200, "{\"data\": []}"));

        var result = command.run("deploy", "m", "--wait");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("chat was removed while it came up.\n");
    }

    private static String deployment(String status, String stage) {
        return """
                {"data": [{"name": "other", "status": "PENDING", "replicas": []},
                          {"name": "chat", "status": "%s", "replicas": [{"stage": "%s"}]}]}""".formatted(status, stage);
    }
}
