package dev.leasehold.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.DatabaseLine;
import dev.leasehold.gateway.RawHttp;
import dev.leasehold.gateway.TestDatabase;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KeyControllerTest {
    private static final String KEY = "sk-lh-" + "Aa19".repeat(10);
    private static final JsonMapper JSON = new JsonMapper();

    private static DatabaseLine line;
    private static ConfigurableApplicationContext application;
    private static RawHttp http;

    @BeforeAll
    static void start() {
        line = TestDatabase.onALine();
        application = ManagementApplication.start(line.url());
        application.getBean(ApiKeys.class).ensure(KEY, "first");
        http = ManagementApplication.http(application);
    }

    @AfterEach
    void comeBack() {
        line.comeBack();
        TestDatabase.awaitAnswers(application.getBean(DataSource.class));
    }

    @AfterAll
    static void stop() {
        application.close();
        line.close();
    }

    @Test
    void aKeyIsShownOnceThenListedThenRevokedForGood() {
        var answer = ask("POST /api/keys", "{\"name\": \" laptop \"}", KEY);
        var created = JSON.readTree(answer.body());
        var key = created.path("key").asString();
        var id = created.path("id").asString();

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header()).contains("/api/keys/" + id, "no-store");
        assertThat(created.propertyNames()).containsExactlyInAnyOrder("id", "name", "prefix", "key", "created_at");
        assertThat(key).startsWith(created.path("prefix").asString());

        var listed = ask("GET /api/keys", "", key);
        assertThat(listed.body()).doesNotContain(key);
        assertThat(entry(listed, id).propertyNames())
                .containsExactlyInAnyOrder("id", "name", "prefix", "created_at", "revoked_at");
        assertThat(entry(listed, id).path("name").asString()).isEqualTo("laptop");
        assertThat(entry(listed, id).path("revoked_at").isNull()).isTrue();

        assertThat(ask("DELETE /api/keys/" + id, "", KEY).status()).isEqualTo(204);
        assertThat(ask("DELETE /api/keys/" + id, "", KEY).status()).isEqualTo(204);
        assertThat(ask("GET /api/keys", "", key).status()).isEqualTo(401);
        assertThat(entry(ask("GET /api/keys", "", KEY), id).path("revoked_at").asString())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\": null}", "{\"name\": \"  \"}", "{\"name\": \"a\\nb\"}"})
    void aKeyNeedsAName(String body) {
        var answer = ask("POST /api/keys", body, KEY);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header()).contains("application/problem+json");
        assertThat(JSON.readTree(answer.body()).path("detail").asString()).startsWith("name says what the key is for");
    }

    @Test
    void aNameHasAtMostAHundredCharacters() {
        assertThat(ask("POST /api/keys", "{\"name\": \"" + "n".repeat(100) + "\"}", KEY)
                        .status())
                .isEqualTo(201);
        assertThat(ask("POST /api/keys", "{\"name\": \"" + "n".repeat(101) + "\"}", KEY)
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aBodyThatIsNoJsonIsAProblemToo() {
        var answer = ask("POST /api/keys", "{", KEY);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header()).contains("application/problem+json");
    }

    @Test
    void aKeyThatIsNotThereCannotBeRevoked() {
        for (var id : List.of(UUID.randomUUID().toString(), "none", "1-1-1-1-1", "%20")) {
            var answer = ask("DELETE /api/keys/" + id, "", KEY);

            assertThat(answer.status()).as(id).isEqualTo(404);
            assertThat(answer.header()).contains("application/problem+json");
        }
    }

    @Test
    void withoutTheDatabaseTheListIsUnavailable() {
        line.cut();

        var answer = ask("GET /api/keys", "", KEY);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(JSON.readTree(answer.body()).path("title").asString()).isEqualTo("Database unavailable");
    }

    private static JsonNode entry(RawHttp.Answer list, String id) {
        return JSON.readTree(list.body())
                .path("data")
                .valueStream()
                .filter(entry -> entry.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static RawHttp.Answer ask(String request, String body, String key) {
        return http.send(
                request,
                body,
                List.of("Host: localhost", "Content-Type: application/json", "Authorization: Bearer " + key));
    }
}
