package dev.leasehold.deploy.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.catalog.artifact.Artifact;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.LeaseSecrets;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactPushTest {
    private static final LeaseId LEASE = new LeaseId(new UUID(0, 7));
    private static final LeaseSecrets SECRETS = new LeaseSecrets(new byte[32]);
    private static final byte[] SMALL = "{\"layers\": 2}".getBytes(UTF_8);

    private final ScriptedRunner runner = new ScriptedRunner(LEASE.toString(), SECRETS.secretOf(LEASE));
    private final List<Long> heard = new ArrayList<>();

    @TempDir
    Path folder;

    private RunnerSession session;

    @BeforeEach
    void pin() throws IOException {
        var client = new RunnerClient(SECRETS, () -> new byte[32]);
        session = client.session(LEASE, client.challenge(LEASE, runner.address()));
    }

    @AfterEach
    void stop() {
        session.close();
        runner.close();
    }

    @Test
    void aLargeFileGoesOutInPiecesAndArrivesWhole() throws Exception {
        var bytes = new byte[(8 << 20) + 5];
        Arrays.fill(bytes, (byte) 3);

        push(bytes, bytes);

        assertThat(received(bytes)).isEqualTo(bytes);
        assertThat(heard).containsExactly(8L << 20, (8L << 20) + 5, (8L << 20) + 5);
    }

    @Test
    void whatTheRunnerHasIsNotSentAgain() throws Exception {
        push(SMALL, SMALL);

        push(SMALL, SMALL);

        assertThat(runner.requests().stream().filter(request -> request.startsWith("PUT")))
                .hasSize(1);
    }

    @Test
    void aPushGoesOnWhereTheLastOneEnded() throws Exception {
        runner.artifacts().leave(sha256(SMALL), Arrays.copyOf(SMALL, 4));

        push(SMALL, SMALL);

        assertThat(received(SMALL)).isEqualTo(SMALL);
    }

    @Test
    void aFileOfWhichAllBytesAreThereIsStillPutInItsPlace() throws Exception {
        runner.artifacts().leave(sha256(SMALL), SMALL);

        push(SMALL, SMALL);

        assertThat(received(SMALL)).isEqualTo(SMALL);
    }

    @Test
    void anEmptyFileIsSentToo() throws Exception {
        push(new byte[0], new byte[0]);

        assertThat(received(new byte[0])).isEmpty();
    }

    @Test
    void aFileThatChangedSinceItWasDeployedIsRefused() {
        var other = "{\"layers\": 3}".getBytes(UTF_8);

        assertThatThrownBy(() -> push(SMALL, other))
                .isInstanceOf(RunnerException.LoadRefused.class)
                .hasMessageContaining("config.json is not what it was");
    }

    @Test
    void aFileThatBecameShorterIsNotSentForEver() {
        assertThatThrownBy(() -> push(SMALL, new byte[3])).isInstanceOf(EOFException.class);
    }

    private void push(byte[] deployed, byte[] onDisk) throws IOException, InterruptedException {
        var path = Files.write(folder.resolve("config.json"), onDisk);
        var file = new Workload.File("config.json", new Artifact(sha256(deployed), deployed.length));
        session.push(file, path, heard::add);
    }

    private byte[] received(byte[] bytes) {
        return runner.artifacts().find(sha256(bytes)).orElseThrow();
    }

    private static String sha256(byte[] bytes) {
        return ScriptedArtifacts.sha256(bytes);
    }
}
