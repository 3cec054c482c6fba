package dev.leasehold.catalog.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.catalog.artifact.ArtifactStore.Append;
import dev.leasehold.catalog.artifact.ArtifactStore.Completion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactStoreTest {
    private static final byte[] CONTENT = "the weights of a model".getBytes(UTF_8);
    private static final String SHA256 =
            HexFormat.of().formatHex(Checksums.sha256().digest(CONTENT));

    @TempDir
    Path root;

    private ArtifactStore store;

    @BeforeEach
    void open() {
        store = new ArtifactStore(root);
    }

    @Test
    void piecesInOrderBecomeTheArtifact() throws IOException {
        store.append(SHA256, 0, piece(0, 10), 10);
        var second = store.append(SHA256, 10, piece(10, CONTENT.length), CONTENT.length - 10);

        var completion = store.complete(SHA256, CONTENT.length);

        assertThat(second).isEqualTo(new Append.Appended(CONTENT.length));
        assertThat(completion).isEqualTo(Completion.COMPLETE);
        assertThat(store.find(SHA256))
                .hasValueSatisfying(file -> assertThat(file).hasBinaryContent(CONTENT));
        assertThat(store.complete(SHA256, CONTENT.length)).isEqualTo(Completion.COMPLETE);
    }

    @Test
    void whatIsNotCompleteIsNotFound() throws IOException {
        store.append(SHA256, 0, piece(0, CONTENT.length), CONTENT.length);

        assertThat(store.find(SHA256)).isEmpty();
        assertThat(store.complete(SHA256, CONTENT.length + 1)).isEqualTo(Completion.INCOMPLETE);
    }

    @Test
    void aPieceThatBeginsElsewhereIsRefusedWithThePlaceToGoOn() throws IOException {
        store.append(SHA256, 0, piece(0, 10), 10);

        var ahead = store.append(SHA256, 12, piece(12, 20), 8);
        var again = store.append(SHA256, 0, piece(0, 10), 10);

        assertThat(ahead).isEqualTo(new Append.OutOfOrder(10));
        assertThat(again).isEqualTo(new Append.OutOfOrder(10));
    }

    @Test
    void aTransferThatDiedGoesOnWhereItEnded() throws IOException {
        var dying = new SequenceInputStream(piece(0, 7), new CutStream());
        assertThatThrownBy(() -> store.append(SHA256, 0, dying, CONTENT.length)).hasMessage("cut");

        var restarted = new ArtifactStore(root);
        long received = restarted.received(SHA256);
        restarted.append(SHA256, received, piece((int) received, CONTENT.length), CONTENT.length - received);

        assertThat(received).isEqualTo(7);
        assertThat(restarted.complete(SHA256, CONTENT.length)).isEqualTo(Completion.COMPLETE);
    }

    @Test
    void bytesWithAnotherChecksumAreDropped() throws IOException {
        var wrong = new byte[CONTENT.length];
        store.append(SHA256, 0, new ByteArrayInputStream(wrong), wrong.length);

        var completion = store.complete(SHA256, wrong.length);

        assertThat(completion).isEqualTo(Completion.WRONG_CHECKSUM);
        assertThat(store.received(SHA256)).isZero();
    }

    @Test
    void moreBytesThanTheArtifactHasAreDropped() throws IOException {
        store.append(SHA256, 0, new ByteArrayInputStream(new byte[100]), 100);

        assertThat(store.complete(SHA256, CONTENT.length)).isEqualTo(Completion.WRONG_CHECKSUM);
        assertThat(store.received(SHA256)).isZero();
    }

    @Test
    void nothingIsReadPastTheLengthOfAPiece() throws IOException {
        var in = piece(0, CONTENT.length);

        store.append(SHA256, 0, in, 4);

        assertThat(in.available()).isEqualTo(CONTENT.length - 4);
    }

    @Test
    void theSecondOfTwoWritersIsToldToWait() throws Exception {
        var sender = new PipedOutputStream();
        var slow = new PipedInputStream(sender);
        var begun = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> {
                begun.countDown();
                return store.append(SHA256, 0, slow, CONTENT.length);
            });
            begun.await();
            // The pipe holds a kilobyte: once the first writer has taken it, it holds the lock.
            sender.write(CONTENT, 0, 5);
            awaitReceived(5);

            var second = new ArtifactStore(root).append(SHA256, 5, piece(5, 10), 5);
            var completion = store.complete(SHA256, CONTENT.length);
            sender.write(CONTENT, 5, CONTENT.length - 5);
            sender.close();

            assertThat(second).isEqualTo(new Append.Busy(5));
            assertThat(completion).isEqualTo(Completion.BUSY);
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(new Append.Appended(CONTENT.length));
        }
        assertThat(store.complete(SHA256, CONTENT.length)).isEqualTo(Completion.COMPLETE);
    }

    @Test
    void anArtifactThatManyAddAtOnceIsThereOnce() throws Exception {
        var artifact = new Artifact(SHA256, CONTENT.length);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var paths = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(
                            () -> new ArtifactStore(root).add(artifact, new ByteArrayInputStream(CONTENT))))
                    .toList();
            for (var path : paths) {
                assertThat(path.get(30, TimeUnit.SECONDS)).hasBinaryContent(CONTENT);
            }
        }
        assertThat(root.resolve("sha256/" + SHA256.substring(0, 2) + "/" + SHA256 + ".partial"))
                .doesNotExist();
    }

    @Test
    void aWrongCopyIsNotAdded() {
        var artifact = new Artifact(SHA256, 3);

        assertThatThrownBy(() -> store.add(artifact, new ByteArrayInputStream(new byte[3])))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum");
        assertThat(store.find(SHA256)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../etc/passwd", "ABCD", "zz"})
    void aNameThatIsNoChecksumNeverBecomesAPath(String name) {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store.find(name));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store.received(name));
    }

    private void awaitReceived(long bytes) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (store.received(SHA256) < bytes) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static ByteArrayInputStream piece(int begin, int end) {
        return new ByteArrayInputStream(CONTENT, begin, end - begin);
    }

    private static final class CutStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("cut");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("cut");
        }
    }
}
