package dev.leasehold.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.gateway.platform.Home;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiClientTest {
    @TempDir
    private Path folder;

    @Test
    void theEnvironmentNamesOneThatRunsElsewhere() throws InterruptedException {
        try (var elsewhere = FakeManagementApi.start()) {
            elsewhere.when("GET /api/models", "{}");
            var client = ApiClient.of(
                    new Home(folder),
                    Map.of(
                            "LEASEHOLD_API_URL", elsewhere.url() + "/v1/",
                            "LEASEHOLD_CONSOLE_URL", elsewhere.url() + "/",
                            "LEASEHOLD_API_KEY", " its-key "));

            client.get("/api/models");

            assertThat(client.apiUrl()).isEqualTo(elsewhere.url());
            assertThat(elsewhere.asked)
                    .containsExactly(new FakeManagementApi.Asked("GET /api/models", "Bearer its-key", ""));
        }
    }

    @Test
    void aUrlThatIsNoneIsAMistakeOfTheCaller() {
        var environment = Map.of("LEASEHOLD_CONSOLE_URL", "localhost:8081");

        assertThatThrownBy(() -> ApiClient.of(new Home(folder), environment))
                .hasMessageContaining("LEASEHOLD_CONSOLE_URL")
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(2));
    }

    @Test
    void aPlatformAsksItselfWhateverTheEnvironmentNames() {
        var client = ApiClient.at("http://127.0.0.1:1", "http://127.0.0.1:2", new Home(folder));

        assertThat(client.apiUrl()).isEqualTo("http://127.0.0.1:1");
        assertThat(client.consoleUrl()).isEqualTo("http://127.0.0.1:2");
    }
}
