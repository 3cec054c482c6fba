package dev.leasehold.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.gateway.DatabaseLine;
import dev.leasehold.gateway.Eventually;
import dev.leasehold.gateway.RawHttp;
import dev.leasehold.gateway.TestDatabase;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

class ManagementGuardTest {
    private static final String KEY = "sk-lh-" + "Zz09".repeat(10);
    private static final String WITH_KEY = "Authorization: Bearer " + KEY;
    private static final String HERE = "Host: 127.0.0.1:8081";
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

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8081", "localhost:8081", "[::1]:8081", "127.0.0.1", "LOCALHOST", "[::1]"})
    void whoeverNamesThisMachineComesIn(String host) {
        assertThat(ask("GET /", "Host: " + host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "127.0.0.1.evil.example",
                "localhost.evil.example:8081",
                "192.168.0.7:8081",
                "2130706433",
                "0.0.0.0"
            })
    void aPageThatHasItsOwnNamePointHereStaysOutside(String host) {
        for (var path : new String[] {"/", "/api/x", "/console/x", "/actuator/health", "/actuator/prometheus"}) {
            var answer = ask("GET " + path, "Host: " + host, WITH_KEY);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).doesNotContain("behind");
        }
    }

    @Test
    void theApiWantsAKey() {
        assertThat(ask("GET /api/x", HERE, WITH_KEY).body()).isEqualTo("behind the guard");
        assertThat(ask("POST /api/x", HERE, WITH_KEY).status()).isEqualTo(200);
        assertThat(ask("GET /api/x", HERE, WITH_KEY.replace("Bearer", "bearer")).status())
                .isEqualTo(200);
        assertThat(ask("GET /api/x", HERE, "Origin: http://127.0.0.1:8081", "Sec-Fetch-Site: same-origin")
                        .status())
                .isEqualTo(401);
        assertThat(ask("GET /x", HERE).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/x",
                "/%61pi/x",
                "/api;a=b/x",
                "/api/./x",
                "/console/../api/x",
                "/console/..;/api/x",
                "/console/%2e%2e/api/x",
                "/console;/../api/x",
                "//api/x",
                "/api/x?/console/",
                "/webjars/../api/x",
                "/console/..%2fapi/x"
            })
    void noSpellingOfAPathLeadsPastTheKey(String path) {
        var answer = ask("GET " + path, HERE);

        assertThat(answer.status()).isIn(400, 401);
        assertThat(answer.body()).doesNotContain("behind");
    }

    @Test
    void aMissingAndAWrongKeyAreToldApartInASentence() {
        var missing = ask("GET /api/x", HERE);
        var wrong = ask("GET /api/x", HERE, WITH_KEY + "x");

        assertThat(missing.status()).isEqualTo(401);
        assertThat(missing.header()).contains("WWW-Authenticate: Bearer", "application/problem+json");
        assertThat(JSON.readTree(missing.body()).path("detail").asString()).startsWith("An API key is wanted");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(JSON.readTree(wrong.body()).path("detail").asString())
                .isEqualTo("The API key is unknown or was revoked.");
    }

    @Test
    void withoutTheDatabaseAKnownKeyPassesAndAnotherOneIsAskedToComeAgain() {
        line.cut();

        Eventually.await(
                "the loss is noticed",
                () -> ask("GET /api/x", HERE, WITH_KEY + "y").status() == 503);
        assertThat(ask("GET /api/x", HERE, WITH_KEY + "y").header()).contains("Retry-After: 1");
        assertThat(ask("GET /api/x", HERE, WITH_KEY).status()).isEqualTo(200);
        assertThat(ask("GET /", HERE).status()).isEqualTo(200);
    }

    @Test
    void thePageMayChangeThingsAndNobodyElseMay() {
        assertThat(ask("POST /console/x", HERE, "Origin: http://127.0.0.1:8081").status())
                .isEqualTo(200);
        assertThat(ask("DELETE /console/x", HERE, "Sec-Fetch-Site: same-origin").status())
                .isEqualTo(200);
        Stream.of(
                        new String[] {},
                        new String[] {"Origin: http://evil.example"},
                        new String[] {"Origin: null"},
                        new String[] {"Origin: http://127.0.0.1:3000"},
                        new String[] {"Origin: http://localhost:8081"},
                        new String[] {"Sec-Fetch-Site: cross-site"},
                        new String[] {"Sec-Fetch-Site: same-site"},
                        new String[] {"Sec-Fetch-Site: none"},
                        new String[] {"Sec-Fetch-Site: same-origin", "Origin: http://evil.example"},
                        new String[] {"Sec-Fetch-Site: cross-site", "Origin: http://127.0.0.1:8081"})
                .forEach(headers -> assertThat(
                                ask("POST /console/x", with(headers)).status())
                        .as("%s", Arrays.asList(headers))
                        .isEqualTo(403));
    }

    @Test
    void anotherPageMayLinkToUsAndCannotHoldOurStreams() {
        assertThat(ask("GET /", HERE, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
                        .status())
                .isEqualTo(200);
        assertThat(ask("GET /console/x", HERE, "Sec-Fetch-Site: none").status()).isEqualTo(200);
        assertThat(ask("GET /console/x", HERE, "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors")
                        .status())
                .isEqualTo(403);
        assertThat(ask("GET /console/x", HERE, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void healthAndMetricsAreOpenAndTheOtherEndpointsAreNotThere() {
        assertThat(ask("GET /actuator/health", HERE).status()).isEqualTo(200);
        assertThat(ask("GET /actuator/prometheus", HERE).body()).contains("jvm_");
        assertThat(ask("GET /actuator/env", HERE, WITH_KEY).status()).isEqualTo(404);
        assertThat(ask("GET /actuator", HERE, WITH_KEY).status()).isEqualTo(404);
        assertThat(ask("POST /actuator/loggers/root", HERE, WITH_KEY).status()).isEqualTo(404);
    }

    @Test
    void everyAnswerTellsTheBrowserToBeCareful() {
        var header = ask("GET /", HERE).header();

        assertThat(header)
                .contains(
                        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';",
                        "frame-ancestors 'none'",
                        "X-Content-Type-Options: nosniff",
                        "Referrer-Policy: same-origin")
                .doesNotContain("unsafe");
    }

    @Test
    void anAddressThatOthersCanReachIsRefusedInOneSentence() {
        for (var address : new String[] {"0.0.0.0", "192.0.2.1", ""}) {
            assertThatThrownBy(() -> ManagementApplication.start(line.url(), Map.of("server.address", address)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "The console listens on loopback only, since it has no sign-in: set server.address");
        }
    }

    @Test
    void aPortBesideTheGuardIsRefused() {
        assertThatThrownBy(() -> ManagementApplication.start(
                        line.url(), Map.of("server.address", "127.0.0.1", "management.server.port", "0")))
                .hasMessageStartingWith("management.server.port is set");
    }

    private static RawHttp.Answer ask(String request, String... headers) {
        return http.send(request, "", Arrays.asList(headers));
    }

    private static String[] with(String... headers) {
        return Stream.concat(Stream.of(HERE), Arrays.stream(headers)).toArray(String[]::new);
    }
}
