package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** docs/protocols/runner.md, with the documents in runner-protocol/ that the lessor's tests read too. */
class ProtocolTest {
    @TempDir
    Path cache;

    private TestRunner runner;

    @BeforeEach
    void start() throws IOException {
        runner = new TestRunner(cache, TestRunner.LIMITS);
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void healthNeedsNoToken() throws Exception {
        var answer = runner.ask("GET", "/health", Map.of("Authorization", ""), new byte[0]);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(document("health.json"));
    }

    @Test
    void aChallengeIsAnsweredForTheCertificateOfItsConnection() throws Exception {
        try (var wire = runner.connect()) {
            wire.send(
                    "POST",
                    "/challenge",
                    Map.of(),
                    document("challenge-request.json").toString().getBytes(UTF_8));
            var proof = wire.answer(true).json();

            var certificate = TestRunner.sha256(wire.certificate());
            var boot = UUID.fromString(proof.path("boot").stringValue());
            var nonce = document("challenge-request.json").path("nonce").stringValue();
            var expected = Identity.prove(nonce, TestRunner.SECRET, TestRunner.LEASE, boot, certificate);
            assertThat(proof).isEqualTo(new JsonMapper().readTree(Json.write(expected)));
            assertThat(boot).isEqualTo(runner.identity.boot());
        }
    }

    @Test
    void theProofIsTheOneThatTheLessorExpects() {
        var expected = document("challenge-answer.json");

        var proof = Identity.prove(
                document("challenge-request.json").path("nonce").stringValue(),
                HexFormat.of()
                        .parseHex(document("token.json").path("lease_secret").stringValue()),
                UUID.fromString(expected.path("lease").stringValue()),
                UUID.fromString(expected.path("boot").stringValue()),
                expected.path("certificate_sha256").stringValue());

        assertThat(new JsonMapper().readTree(Json.write(proof))).isEqualTo(expected);
    }

    @Test
    void theTokenIsTheOneThatTheLessorSends() {
        var token = document("token.json").path("token").stringValue();

        assertThat(runner.identity.authorization()).isEqualTo("Bearer " + token);
    }

    @Test
    void aNonceOfAnotherLengthIsRefused() throws Exception {
        var answer = runner.ask("POST", "/challenge", "{\"nonce\": \"00\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.param()).isEqualTo("nonce");
    }

    @Test
    void aWrongTokenIsRefusedEverywhereElse() throws Exception {
        for (var path : new String[] {"/ready", "/model", "/v1/chat/completions", "/nothing", "/artifacts/x"}) {
            var answer = runner.ask("GET", path, Map.of("Authorization", "Bearer " + "0".repeat(64)), new byte[0]);

            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.json()).isEqualTo(document("error.json"));
        }
    }

    @Test
    void anotherMethodIsToldWhichOneIsTaken() throws Exception {
        var answer = runner.ask("GET", "/v1/chat/completions", "");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("allow", "POST");
    }

    @Test
    void anUnknownPathIsNotFound() throws Exception {
        assertThat(runner.ask("GET", "/v1/nothing", "").status()).isEqualTo(404);
        assertThat(runner.ask("HEAD", "/artifacts/../../etc/passwd", "").status())
                .isEqualTo(404);
    }

    @Test
    void readinessHasTheDocumentsFieldsInEachStage() throws Exception {
        var empty = runner.ask("GET", "/ready", "");
        var order = runner.order("starter-chat", "chat");
        var loading = runner.awaitStage("loading");
        runner.models.mayLoad.countDown();
        var ready = runner.awaitStage("ready");

        assertThat(order.status()).isEqualTo(202);
        assertThat(empty.status()).isEqualTo(503);
        assertThat(loading.status()).isEqualTo(503);
        assertThat(ready.status()).isEqualTo(200);
        assertLike(empty.json(), "ready-empty.json", "boot", "memory_bytes");
        assertLike(loading.json(), "ready-loading.json", "boot", "memory_bytes", "progress");
        assertLike(ready.json(), "ready-ready.json", "boot", "memory_bytes", "running", "waiting");
        assertThat(ready.json().path("memory_bytes").longValue()).isPositive();
    }

    @Test
    void aModelThatCannotBeLoadedSaysWhyAndAnotherMayBeTried() throws Exception {
        runner.models.failure = "config.json has no hidden_size.";
        runner.models.mayLoad.countDown();
        runner.order("starter-chat", "chat");

        var failed = runner.awaitStage("failed");

        assertThat(failed.status()).isEqualTo(503);
        assertLike(failed.json(), "ready-failed.json", "boot", "memory_bytes");
        runner.models.failure = "";
        assertThat(runner.order("another", "chat").status()).isEqualTo(202);
        runner.awaitStage("ready");
    }

    @Test
    void theSameOrderTwiceChangesNothingAndAnotherIsRefused() throws Exception {
        assertThat(runner.order("starter-chat", "chat").status()).isEqualTo(202);
        assertThat(runner.order("starter-chat", "chat").status()).isEqualTo(202);
        assertThat(runner.order("another", "chat").status()).isEqualTo(409);

        runner.models.mayLoad.countDown();
        runner.awaitStage("ready");

        assertThat(runner.order("starter-chat", "chat").status()).isEqualTo(202);
        assertThat(runner.order("another", "chat").status()).isEqualTo(409);
    }

    @Test
    void aModelWhoseFileIsNotHereIsRefusedByItsName() throws Exception {
        var answer = runner.ask("PUT", "/model", document("model-order.json").toString());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.message()).contains("config.json");
    }

    @Test
    void aModelsFileNameIsNeverAPath() throws Exception {
        var order = document("model-order.json").toString().replace("config.json", "../config.json");

        var answer = runner.ask("PUT", "/model", order);

        assertThat(answer.status()).isBetween(400, 422);
    }

    @Test
    void requestsBeforeTheModelAreAskedToComeLater() throws Exception {
        var answer = runner.ask("POST", "/v1/completions", "{\"prompt\": \"a\"}");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("retry-after");
    }

    @Test
    void severalRequestsFollowOnOneConnection() throws Exception {
        try (var wire = runner.connect()) {
            for (int count = 0; count < 3; count++) {
                runner.send(wire, "GET", "/ready", "");
                assertThat(wire.answer(true).status()).isEqualTo(503);
            }
            runner.send(wire, "GET", "/health", "");
            runner.send(wire, "GET", "/ready", "");
            assertThat(wire.answer(true).status()).isEqualTo(200);
            assertThat(wire.answer(true).status()).isEqualTo(503);
        }
    }

    private static void assertLike(JsonNode actual, String document, String... variable) {
        var expected = document(document);
        assertThat(actual.propertyNames()).containsExactlyElementsOf(expected.propertyNames());
        var left = ((ObjectNode) actual.deepCopy()).remove(List.of(variable));
        var right = ((ObjectNode) expected.deepCopy()).remove(List.of(variable));
        assertThat(left).isEqualTo(right);
    }

    static JsonNode document(String name) {
        try (var in = ProtocolTest.class.getResourceAsStream("/runner-protocol/" + name)) {
            return new JsonMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
