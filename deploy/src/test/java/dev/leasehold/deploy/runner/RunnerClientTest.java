package dev.leasehold.deploy.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.catalog.artifact.Artifact;
import dev.leasehold.deploy.RunnerProtocol;
import dev.leasehold.deploy.lease.LeaseSamples;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.deploy.runner.ScriptedRunner.Script;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Both halves of docs/protocols/runner.md over real TLS: the real lessor, and a scripted runner. */
class RunnerClientTest {
    private static final LeaseId LEASE = new LeaseId(UUID.fromString("6f1c7f3e-2a7c-4c1e-9d59-0d6c8f1f9a10"));
    private static final LeaseSecrets SECRETS = new LeaseSecrets(new byte[32]);
    private static final byte[] NONCE = HexFormat.of()
            .parseHex(RunnerProtocol.document("challenge-request").path("nonce").asString());

    private final RunnerClient client = new RunnerClient(SECRETS, NONCE::clone);
    private final ScriptedRunner runner = new ScriptedRunner(LEASE.toString(), SECRETS.secretOf(LEASE));

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void theScriptedRunnerProvesItselfAsTheProtocolSays() {
        var answer = RunnerProtocol.document("challenge-answer");
        var token = RunnerProtocol.document("token");
        var secret = token.path("lease_secret").asString();

        var proof = RunnerProtocol.proof(
                secret,
                HexFormat.of().formatHex(NONCE),
                answer.path("certificate_sha256").asString(),
                answer.path("lease").asString(),
                answer.path("boot").asString());

        assertThat(proof).isEqualTo(answer.path("mac").asString());
        assertThat(RunnerProtocol.token(secret)).isEqualTo(token.path("token").asString());
    }

    @Test
    void aRunnerThatKnowsItsLeasesSecretIsPinned() throws IOException {
        var pin = client.challenge(LEASE, runner.address());

        assertThat(pin).isEqualTo(new Pin(runner.address(), runner.boot(), runner.certificateSha256()));
    }

    @Test
    void aRunnerOfAnotherLeaseIsNotOurs() {
        var other = new LeaseId(new UUID(0, 1));

        assertThatThrownBy(() -> client.challenge(other, runner.address()))
                .isInstanceOf(RunnerException.OtherRunner.class);
    }

    @Test
    void whoeverDoesNotKnowTheSecretIsNotOurs() {
        try (var liar = new ScriptedRunner(LEASE.toString(), "00".repeat(32))) {
            assertThatThrownBy(() -> client.challenge(LEASE, liar.address()))
                    .isInstanceOf(RunnerException.OtherRunner.class);
        }
    }

    /** It passes our nonce on to our runner and repeats the answer; only the certificate gives it away. */
    @Test
    void whoeverRepeatsAnotherRunnersProofIsNotOurs() {
        try (var between = new ScriptedRunner(LEASE.toString(), SECRETS.secretOf(LEASE))) {
            var proof = (ObjectNode) RunnerProtocol.document("challenge-answer");
            var nonce = HexFormat.of().formatHex(NONCE);
            proof.put("lease", LEASE.toString()).put("boot", runner.boot());
            proof.put("certificate_sha256", runner.certificateSha256());
            proof.put("mac", SECRETS.challengeMac(LEASE, nonce, runner.certificateSha256(), runner.boot()));
            between.script("POST /challenge", out -> ScriptedRunner.send(out, 200, proof.toString()));

            assertThatThrownBy(() -> client.challenge(LEASE, between.address()))
                    .isInstanceOf(RunnerException.OtherRunner.class);
        }
    }

    @Test
    void aRunnerThatRestartedIsRefusedUntilItIsChallengedAnew() throws IOException {
        var before = client.challenge(LEASE, runner.address());
        runner.restart();

        try (var session = client.session(LEASE, before)) {
            assertThatThrownBy(session::ready).isInstanceOf(RunnerException.OtherRunner.class);
        }
        assertThat(runner.requests()).doesNotContain("GET /ready");
        assertThat(client.challenge(LEASE, runner.address())).isNotEqualTo(before);
    }

    @Test
    void readinessIsReadAsTheProtocolWritesIt() throws IOException {
        assertThat(readiness("ready-empty", 503)).isEqualTo(said(false, "empty", 0, Optional.empty(), 0));
        assertThat(readiness("ready-loading", 503)).isEqualTo(said(false, "loading", 0.41, Optional.empty(), 0));
        assertThat(readiness("ready-failed", 503))
                .isEqualTo(said(false, "failed", 0, Optional.of("config.json has no hidden_size."), 0));
        assertThat(readiness("ready-ready", 200)).isEqualTo(said(true, "ready", 1, Optional.empty(), 3));
    }

    @Test
    void aRunnerIsNotReadyWhoseStatusSaysOtherwise() throws IOException {
        assertThat(readiness("ready-ready", 503).ready()).isFalse();
        assertThat(readiness("ready-loading", 200).ready()).isFalse();
    }

    @Test
    void theOrderToLoadIsWrittenAsTheProtocolSays() throws IOException {
        var expected = RunnerProtocol.document("model-order");
        var file = expected.path("files").path(0);
        var artifact = new Artifact(
                file.path("sha256").asString(), file.path("size_bytes").asLong());
        var workload = new Workload(
                "starter-chat", LeaseSamples.MODEL, 2048, 8, List.of(new Workload.File("config.json", artifact)));

        try (var session = client.session(LEASE, client.challenge(LEASE, runner.address()))) {
            session.load(workload);
        }

        assertThat(runner.lastBody("PUT /model")).isEqualTo(expected);
        assertThat(runner.lastBody("POST /challenge")).isEqualTo(RunnerProtocol.document("challenge-request"));
        assertThat(runner.isLoaded()).isTrue();
    }

    @Test
    void aRefusalToLoadCarriesTheRunnersSentence() throws IOException {
        runner.script(
                "PUT /model",
                out -> ScriptedRunner.send(
                        out, 422, RunnerProtocol.document("error").toString()));

        try (var session = client.session(LEASE, client.challenge(LEASE, runner.address()))) {
            assertThatThrownBy(() -> session.load(LeaseSamples.WORKLOAD))
                    .isInstanceOf(RunnerException.LoadRefused.class)
                    .hasMessage("The lease's token is missing or wrong.");
        }
    }

    @Test
    void aConnectionThatTheRunnerClosedMeanwhileIsOpenedAgain() throws IOException {
        try (var session = client.session(LEASE, client.challenge(LEASE, runner.address()))) {
            session.ready();
            runner.hangUp();

            assertThat(session.ready().stage()).isEqualTo("empty");
        }
    }

    @Test
    void anAnswerThatComesByteByByteIsCutOffInTime() {
        runner.script("POST /challenge", out -> {
            for (int sent = 0; sent < 1_000; sent++) {
                out.write('H');
                out.flush();
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        });
        long before = System.nanoTime();

        assertThatThrownBy(() -> client.challenge(LEASE, runner.address())).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void anAnswerLongerThanAMebibyteIsRefusedInWhateverFramingItComes() {
        var longLine = "HTTP/1.1 200 OK\r\nX: " + "x".repeat(9 << 10) + "\r\n\r\n";
        var manyHeaders = "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(65) + "\r\n";

        refuses(out -> out.write(longLine.getBytes(UTF_8)));
        refuses(out -> out.write(manyHeaders.getBytes(UTF_8)));
        refuses(out -> ScriptedRunner.head(out, 200, "", (1 << 20) + 1));
        refuses(out -> ScriptedRunner.head(out, 200, "", -1));
        refuses(out -> chunks(out, "1\r\nx\r\n", "100000\r\n"));
        refuses(out -> chunks(out, "1\r\nx\r\n", "7fffffff\r\n"));
    }

    private void refuses(Script script) {
        runner.script("POST /challenge", out -> {
            script.answer(out);
            out.flush();
            flood(out);
        });
        assertThatThrownBy(() -> client.challenge(LEASE, runner.address()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(".*(longer than|more than|too many|bad length).*");
    }

    private static void chunks(OutputStream out, String... chunks) throws IOException {
        var text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + String.join("", chunks);
        out.write(text.getBytes(UTF_8));
    }

    /** More than is read, and not for ever: a client that reads all of it fails by its deadline, with other words. */
    private static void flood(OutputStream out) throws IOException {
        var much = new byte[64 << 10];
        Arrays.fill(much, (byte) 'x');
        for (int sent = 0; sent < 64; sent++) {
            out.write(much);
        }
        out.flush();
    }

    private Readiness readiness(String document, int status) throws IOException {
        runner.script(
                "GET /ready",
                out -> ScriptedRunner.send(
                        out, status, RunnerProtocol.document(document).toString()));
        try (var session = client.session(LEASE, client.challenge(LEASE, runner.address()))) {
            return session.ready();
        }
    }

    private static Readiness said(boolean ready, String stage, double progress, Optional<String> error, int running) {
        var boot = RunnerProtocol.document("ready-ready").path("boot").asString();
        return new Readiness(ready, stage, progress, error, boot, running, running / 3);
    }
}
