package dev.leasehold.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.cli.FakeManagementApi.Answer;
import dev.leasehold.gateway.cli.FakeManagementApi.Asked;
import dev.leasehold.gateway.platform.Home;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartersTest {
    private static final String NOTHING = "{\"data\": []}";
    private static final Answer CHAT_SERVES =
            new Answer(200, "{\"data\": [{\"name\": \"chat\", \"status\": \"SERVING\"}]}");

    private final FakeManagementApi api = FakeManagementApi.start();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @BeforeEach
    void run() {
        api.when("GET /api/providers", "{\"data\": [{\"provider\": \"local\", \"live\": true}]}")
                .when("GET /api/models", """
                        {"data": [{"id": "chat", "starter": true}, {"id": "large", "starter": false}]}""")
                .when("GET /api/deployments", new Answer(200, NOTHING), CHAT_SERVES)
                .when("POST /api/deployments", new Answer(201, "{\"name\": \"chat\"}"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aStarterIsDeployedOnce() throws Exception {
        assertThat(starters().deploy()).isTrue();
        assertThat(starters().deploy()).isTrue();

        assertThat(deployed()).containsExactly("{\"model\":\"chat\"}");
    }

    @Test
    void whatItsUserRemovedStaysRemoved() throws Exception {
        Files.writeString(folder.resolve("offered"), "chat\n");
        api.when("GET /api/deployments", NOTHING);

        assertThat(starters().deploy()).isTrue();

        assertThat(deployed()).isEmpty();
    }

    @Test
    void oneThatWasDeployedJustBeforeAKillIsNotDeployedTwice() throws Exception {
        api.when("GET /api/deployments", CHAT_SERVES);

        assertThat(starters().deploy()).isTrue();

        assertThat(deployed()).isEmpty();
        assertThat(offered()).isEqualTo("chat\n");
    }

    @Test
    void oneThatDoesNotFitIsToldAndTriedAgainNextTime() throws Exception {
        api.when("POST /api/deployments", new Answer(422, "{\"detail\": \"chat needs 4 GB.\"}"));
        api.when("GET /api/deployments", NOTHING);

        assertThat(starters().deploy()).isFalse();

        assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo("chat: chat needs 4 GB.\n");
        assertThat(folder.resolve("offered")).doesNotExist();
    }

    @Test
    void aProviderOfEarlierTimesIsNotWaitedWith() throws Exception {
        api.when(
                "GET /api/providers",
                new Answer(200, "{\"data\": [{\"provider\": \"local\", \"live\": false}]}"),
                new Answer(200, "{\"data\": [{\"provider\": \"local\", \"live\": true}]}"));

        assertThat(starters().deploy()).isTrue();

        assertThat(api.asked)
                .extracting(Asked::request)
                .startsWith("GET /api/providers", "GET /api/providers")
                .containsOnlyOnce("POST /api/deployments");
    }

    private Starters starters() {
        var home = new Home(folder);
        return new Starters(
                home, ApiClient.at(api.url(), api.url(), home), new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private List<String> deployed() {
        return api.asked.stream()
                .filter(asked -> asked.request().startsWith("POST"))
                .map(Asked::body)
                .toList();
    }

    private String offered() throws IOException {
        return Files.readString(folder.resolve("offered"));
    }
}
