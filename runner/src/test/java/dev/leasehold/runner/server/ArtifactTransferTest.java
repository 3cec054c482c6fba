package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.catalog.artifact.ArtifactStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactTransferTest {
    private static final int SIZE = 3_000_000;

    @TempDir
    Path cache;

    private final byte[] content = new byte[SIZE];
    private String sha256 = "";
    private TestRunner runner;

    @BeforeEach
    void start() throws Exception {
        new Random(7).nextBytes(content);
        sha256 = TestRunner.sha256(content);
        runner = new TestRunner(cache, TestRunner.LIMITS);
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void piecesInOrderMakeTheArtifact() throws Exception {
        var first = runner.put(sha256, Arrays.copyOfRange(content, 0, 1_048_576), 0, SIZE);
        var head = runner.ask("HEAD", "/artifacts/" + sha256, "");
        var last = runner.put(sha256, Arrays.copyOfRange(content, 1_048_576, SIZE), 1_048_576, SIZE);
        var again = runner.put(sha256, new byte[10], 0, 10);
        var whole = runner.ask("HEAD", "/artifacts/" + sha256, "");

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.json()).isEqualTo(ProtocolTest.document("artifact-received.json"));
        assertThat(head.status()).isEqualTo(404);
        assertThat(head.headers()).containsEntry("leasehold-received", "1048576");
        assertThat(last.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.headers()).containsEntry("content-length", Integer.toString(SIZE));
    }

    @Test
    void bytesThatWereAllReceivedByARunnerThatDiedAreCompletedByAnyPiece() throws Exception {
        new ArtifactStore(cache).append(sha256, 0, new ByteArrayInputStream(content), SIZE);

        var answer = runner.put(sha256, Arrays.copyOfRange(content, SIZE - 1, SIZE), SIZE - 1, SIZE);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(runner.ask("HEAD", "/artifacts/" + sha256, "").status()).isEqualTo(200);
    }

    @Test
    void aPieceOutOfOrderIsToldWhereToGoOn() throws Exception {
        runner.put(sha256, Arrays.copyOf(content, 1000), 0, SIZE);

        var answer = runner.put(sha256, Arrays.copyOfRange(content, 2000, 3000), 2000, SIZE);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("received").longValue()).isEqualTo(1000);
    }

    @Test
    void bytesWithAnotherChecksumAreDropped() throws Exception {
        var answer = runner.put(sha256, new byte[SIZE], 0, SIZE);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(runner.ask("HEAD", "/artifacts/" + sha256, "").headers()).containsEntry("leasehold-received", "0");
    }

    @Test
    void aTransferThatWasCutGoesOnFromWhatWasReceivedAlsoInAnotherRunner() throws Exception {
        int sent = 200_000;
        try (var wire = runner.connect()) {
            wire.send(
                    "PUT",
                    "/artifacts/" + sha256,
                    Map.of(
                            "Authorization", runner.identity.authorization(),
                            "Content-Range", "bytes 0-" + (SIZE - 1) + "/" + SIZE,
                            "Content-Length", Integer.toString(SIZE)),
                    Arrays.copyOf(content, sent));
        }
        long received = awaitReceived(sent);
        runner.close();
        runner = new TestRunner(cache, TestRunner.LIMITS);

        var rest = runner.put(sha256, Arrays.copyOfRange(content, (int) received, SIZE), received, SIZE);

        assertThat(received).isEqualTo(sent);
        assertThat(rest.status()).isEqualTo(201);
    }

    @Test
    void aBodyLongerThanItsRangeIsRefused() throws Exception {
        var answer = runner.ask(
                "PUT",
                "/artifacts/" + sha256,
                Map.of("Content-Range", "bytes 0-9/" + SIZE),
                Arrays.copyOf(content, 20));

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void aBodyShorterThanItsRangeIsRefusedAndKept() throws Exception {
        var answer = runner.ask(
                "PUT",
                "/artifacts/" + sha256,
                Map.of("Content-Range", "bytes 0-99/" + SIZE),
                Arrays.copyOf(content, 20));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(runner.ask("HEAD", "/artifacts/" + sha256, "").headers()).containsEntry("leasehold-received", "20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes 5-4/10", "bytes 0-10/10", "items 0-1/2", "bytes 0-1/*", "bytes -5-1/9"})
    void aRangeThatIsNoneIsRefused(String range) throws Exception {
        var answer = runner.ask("PUT", "/artifacts/" + sha256, Map.of("Content-Range", range), "ab".getBytes(UTF_8));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.param()).isEqualTo("Content-Range");
    }

    /** The runner hears of the cut after the client made it. */
    private long awaitReceived(long bytes) throws IOException, GeneralSecurityException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        long received = 0;
        while (received < bytes && System.nanoTime() < deadline) {
            received = Long.parseLong(
                    runner.ask("HEAD", "/artifacts/" + sha256, "").headers().getOrDefault("leasehold-received", "0"));
        }
        return received;
    }
}
