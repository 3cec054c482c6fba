package dev.leasehold.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.cli.CommandFixture.Result;
import dev.leasehold.gateway.cli.FakeManagementApi.Answer;
import dev.leasehold.gateway.cli.FakeManagementApi.Asked;
import dev.leasehold.gateway.platform.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private final FakeManagementApi api = FakeManagementApi.start();

    @TempDir
    private Path folder;

    private CommandFixture command;

    @BeforeEach
    void run() {
        command = new CommandFixture(new Home(folder.resolve("home"))).runningAt(api.url(), true);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void theCatalogIsATable() {
        api.when("GET /api/models", """
                {"data": [{"id": "mini", "task": "EMBEDDING", "license": "Apache-2.0", "title": "Small and quick"}]}""");

        var result = command.run("models");

        assertThat(result).isEqualTo(new Result(0, """
                        MODEL  TASK       LICENSE     DESCRIPTION
                        mini   embedding  Apache-2.0  Small and quick
                        """, ""));
        assertThat(api.asked).containsExactly(new Asked("GET /api/models", "Bearer sk-lh-test", ""));
    }

    @Test
    void whereNothingIsDeployedTheNextStepIsSaid() {
        api.when("GET /api/deployments", "{\"data\": []}");

        var result = command.run("ls");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("Nothing is deployed").contains("./leasehold deploy");
    }

    @Test
    void aDeploymentThatComesUpShowsItsStage() {
        api.when("GET /api/deployments", """
                {"data": [{"name": "chat", "model": "m", "task": "chat", "status": "PENDING", "wanted_replicas": 1,
                           "ready_replicas": 0, "price_usd_per_hour": 0.1, "replicas": [{"stage": "loading 40%"}]}]}""");

        assertThat(command.run("ls").out()).contains("pending  0/1    0.1    loading 40%");
    }

    @Test
    void aRemovedDeploymentIsConfirmed() {
        api.when("DELETE /api/deployments/my%20chat", new Answer(204, ""));

        var result = command.run("rm", "my chat");

        assertThat(result).isEqualTo(new Result(0, "my chat: removed.\n", ""));
    }

    @Test
    void theServersSentenceIsTold() {
        api.when("DELETE /api/deployments/chat", new Answer(404, """
                {"title": "Unknown deployment", "status": 404, "detail": "There is no deployment called \\"chat\\"."}"""));

        var result = command.run("rm", "chat");

        assertThat(result).isEqualTo(new Result(1, "", "There is no deployment called \"chat\".\n"));
    }

    @Test
    void aRefusedKeySaysWhereItIsFrom() {
        api.when("GET /api/models", new Answer(401, "{\"error\": {\"message\": \"Unauthorized\"}}"));

        var result = command.run("models");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("API key was refused").contains("LEASEHOLD_API_KEY");
    }

    @Test
    void aFailureWithoutASentenceHasItsStatusAndTheLog() {
        api.when("GET /api/models", new Answer(500, "<html>"));

        var result = command.run("models");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("status 500").contains("gateway.log");
    }

    @Test
    void anotherProgramOnThePortIsSuspected() {
        api.when("GET /api/models", "<html>Hello</html>");

        var result = command.run("models");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("not JSON").contains(api.url());
    }

    @Test
    void aBrokenAnswerIsOneSentence() {
        api.when("GET /api/models", new Answer(200, "{\"data\":", true));

        var result = command.run("models");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).startsWith("The connection to Leasehold broke").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"models", "ls", "logs chat", "rm chat", "deploy m", "chat c hello", "keys ls", "keys create"})
    void whereNobodyListensTheExitCodeSaysSo(String line) {
        api.close();

        var result = command.run(line.split(" ", -1));

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains("does not answer")
                .contains("./leasehold up")
                .hasLineCount(1);
    }

    @Test
    void keysAreMadeListedAndRevoked() {
        api.when("POST /api/keys", "{\"id\": \"7\", \"key\": \"sk-lh-new\"}")
                .when("GET /api/keys", """
                        {"data": [{"id": "7", "name": "laptop", "prefix": "sk-lh-n", "created_at": "2026-11-25",
                                   "revoked_at": null}]}""")
                .when("DELETE /api/keys/7", new Answer(204, ""));

        assertThat(command.run("keys", "create", "laptop")).isEqualTo(new Result(0, "sk-lh-new\n", ""));
        assertThat(command.run("keys", "ls").out()).contains("7   laptop  sk-lh-n      2026-11-25");
        assertThat(command.run("keys", "revoke", "7")).isEqualTo(new Result(0, "7: revoked.\n", ""));
        assertThat(api.asked.getFirst().body()).isEqualTo("{\"name\":\"laptop\"}");
    }

    @Test
    void logsAreCopiedAsTheyCome() {
        api.when("GET /api/deployments/chat/logs?follow=false", "one\ntwö\n")
                .when("GET /api/deployments/chat/logs?follow=true", new Answer(200, "one\n", true));

        assertThat(command.run("logs", "chat")).isEqualTo(new Result(0, "one\ntwö\n", ""));
        var followed = command.run("logs", "-f", "chat");
        assertThat(followed.exitCode()).isEqualTo(1);
        assertThat(followed.out()).isEqualTo("one\n");
        assertThat(followed.err()).contains("The log broke off");
    }

    @Test
    void anAgentWithoutAGatewayOrATokenOrAGoodNameIsToldSo() {
        assertThat(command.run("agent", "--name", "B").exitCode()).isEqualTo(2);
        assertThat(command.run("agent", "--name", "b", "--price", "-1").exitCode())
                .isEqualTo(2);
        assertThat(command.run("agent", "--name", "b", "--gateway", "ftp://x").exitCode())
                .isEqualTo(2);
        assertThat(command.run("agent", "--name", "b").err())
                .contains("join token")
                .contains("--token-file");
        api.close();
        assertThat(command.run("agent", "--name", "b").exitCode()).isEqualTo(3);
    }

    @Test
    void aBuildThatIsMissingIsSaidToTheOneWhoLendsAMachine() {
        command.write("join-token", "token");
        System.setProperty("leasehold.repository", folder.resolve("nowhere").toString());

        var result = command.run("agent", "--name", "b");

        System.clearProperty("leasehold.repository");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("not built")
                .contains("./leasehold up")
                .hasLineCount(1);
    }

    @Test
    void aDownWhereNothingRunsIsSuccessAndMakesNoHome() {
        var other = new CommandFixture(new Home(folder.resolve("other")));

        assertThat(other.run("down")).isEqualTo(new Result(0, "Leasehold is not running.\n", ""));
        assertThat(folder.resolve("other")).doesNotExist();
    }

    @Test
    void aDownForgetsAPlatformThatWasKilled() {
        command.killedAt(api.url());

        var result = command.run("down");

        assertThat(result).isEqualTo(new Result(0, "Leasehold is not running.\n", ""));
        assertThat(folder.resolve("home/up.properties")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port 0",
                "--port 65536",
                "--port x",
                "--port 8081",
                "--price -1",
                "--price cheap",
                "--database-url mysql://db",
                "--database-url jdbc:postgresql://db/x?password=secret",
                "--bogus"
            })
    void anUpThatMakesNoSenseIsRefusedBeforeAnythingIsStarted(String options) {
        var fresh = new CommandFixture(new Home(folder.resolve("fresh")));

        var result = fresh.run(("up " + options).split(" ", -1));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isNotBlank();
        assertThat(folder.resolve("fresh")).doesNotExist();
    }

    @Test
    void whatFailsUnexpectedlyIsKeptInTheHomeThatWasNamed() {
        var result = command.run("deploy", "file:\0");

        var log = command.home().log("leasehold");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("deploy failed unexpectedly").contains(log.toString());
        assertThat(log).content().contains("InvalidPathException");
    }

    @Test
    void aKeyThatCannotBeReadIsNamed() throws Exception {
        Files.delete(command.home().key());
        Files.createDirectory(command.home().key());

        var result = command.run("models");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains(command.home().key().toString()).hasLineCount(1);
    }

    @Test
    void everyCommandHelps() {
        for (var name : List.of(
                "up",
                "down",
                "status",
                "models",
                "deploy",
                "ls",
                "logs",
                "rm",
                "chat",
                "keys create",
                "keys ls",
                "keys revoke",
                "agent",
                "keys")) {
            var result = CommandFixture.execute("", (name + " --help").split(" ", -1));

            assertThat(result.exitCode()).as("%s", name).isZero();
            assertThat(result.out()).as("%s", name).contains("Usage: leasehold " + name);
        }
    }

    @Test
    void withoutACommandTheUsageIsShown() {
        var result = CommandFixture.execute("");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("Usage: leasehold", "up", "status", "chat");
    }
}
