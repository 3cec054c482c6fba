package dev.leasehold.gateway.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EdgeServerTest {
    private static final Map<String, String> TEXT = Map.of("content-type", "text/plain");
    private static final EdgeLimits LIMITS = new EdgeLimits(
            4, 8 << 10, 64 << 10, 96 << 10, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

    private final AtomicInteger ids = new AtomicInteger();
    private @Nullable EdgeServer started;

    @AfterEach
    void close() {
        server().close();
    }

    private EdgeServer server() {
        return Objects.requireNonNull(started);
    }

    private RawClient serve(EdgeLimits limits, Consumer<Exchange> handler) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        started = new EdgeServer(address, limits, handler, () -> "req_" + ids.incrementAndGet());
        return new RawClient(server().port());
    }

    /** Answers with what came. */
    private static void echo(Exchange exchange) {
        try {
            exchange.answer(200, TEXT, exchange.body());
        } catch (ClientGoneException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void answersOneRequestAfterAnotherOnOneConnection() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            var first = client.post("/a?b=c", "", "hello").head();
            var firstBody = client.body(first);
            var second = client.post("/a", "", "").head();

            assertThat(first.status()).isEqualTo(200);
            assertThat(firstBody).isEqualTo("hello");
            assertThat(first.headers()).containsEntry("x-request-id", "req_1");
            assertThat(second.headers()).containsEntry("x-request-id", "req_2").containsEntry("content-length", "0");
        }
    }

    @Test
    void readsRequestsThatAreSentBeforeTheAnswerInTheirOrder() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            client.post("/", "", "one").post("/", "", "two").post("/", "", "three");

            assertThat(client.body(client.head())).isEqualTo("one");
            assertThat(client.body(client.head())).isEqualTo("two");
            assertThat(client.body(client.head())).isEqualTo("three");
        }
    }

    @Test
    void takesABodyInChunks() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");

            assertThat(client.body(client.head())).isEqualTo("hello!");
        }
    }

    @Test
    void sendsPiecesAtOnce() throws IOException, InterruptedException {
        var mayGoOn = new CountDownLatch(1);
        try (var client = serve(LIMITS, exchange -> {
            try {
                exchange.begin(200, TEXT);
                exchange.send("xfirsty".getBytes(UTF_8), 1, 5);
                await(mayGoOn);
                exchange.send("second".getBytes(UTF_8), 0, 6);
                exchange.end();
            } catch (ClientGoneException e) {
                throw new IllegalStateException(e);
            }
        })) {
            var head = client.post("/", "", "").head();
            var first = client.chunk();
            mayGoOn.countDown();

            assertThat(head.headers()).containsEntry("transfer-encoding", "chunked");
            assertThat(first).isEqualTo("first");
            assertThat(client.chunk()).isEqualTo("second");
            assertThat(client.chunk()).isEmpty();
        }
    }

    @Test
    void sendsNoChunksToAClientThatDoesNotKnowThem() throws IOException {
        try (var client = serve(LIMITS, exchange -> {
            try {
                exchange.begin(200, TEXT);
                exchange.send("plain".getBytes(UTF_8), 0, 5);
                exchange.end();
            } catch (ClientGoneException e) {
                throw new IllegalStateException(e);
            }
        })) {
            var head = client.send("GET / HTTP/1.0\r\n\r\n").head();

            assertThat(head.headers()).doesNotContainKey("transfer-encoding").containsEntry("connection", "close");
            assertThat(client.rest()).isEqualTo("plain");
        }
    }

    @Test
    void tellsAtOnceThatAClientHasLeftBeforeTheFirstByte() throws IOException, InterruptedException {
        var began = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        var client = serve(LIMITS, exchange -> {
            exchange.onGone(gone::countDown);
            began.countDown();
            await(gone);
        });

        client.post("/", "", "");
        await(began);
        client.close();

        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tellsOfALossThatHappenedBeforeAnybodyAsked() throws IOException, InterruptedException {
        var began = new CountDownLatch(1);
        var left = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        var known = new AtomicReference<Exchange>();
        var client = serve(LIMITS, exchange -> {
            known.set(exchange);
            exchange.onGone(left::countDown);
            began.countDown();
            await(gone);
        });
        client.post("/", "", "");
        await(began);
        client.close();
        await(left);

        known.get().onGone(gone::countDown);

        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void givesUpAClientThatDoesNotRead() throws IOException, InterruptedException {
        var impatient = new EdgeLimits(
                4, 8 << 10, 64 << 10, 96 << 10, Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofSeconds(20));
        var ended = new CountDownLatch(1);
        var sent = new AtomicInteger();
        try (var client = serve(impatient, exchange -> {
            var piece = new byte[64 << 10];
            try {
                exchange.begin(200, TEXT);
                while (sent.addAndGet(piece.length) < 1 << 30) {
                    exchange.send(piece, 0, piece.length);
                }
            } catch (ClientGoneException _) {
                ended.countDown();
            }
        })) {
            client.post("/", "", "");

            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(sent.get()).isLessThan(64 << 20);
        }
    }

    @Test
    void cutsAnAnswerThatNobodyEnded() throws IOException {
        try (var client = serve(LIMITS, exchange -> {
            try {
                exchange.begin(200, TEXT);
                exchange.send("half".getBytes(UTF_8), 0, 4);
            } catch (ClientGoneException e) {
                throw new IllegalStateException(e);
            }
        })) {
            client.post("/", "", "").head();

            assertThat(client.chunk()).isEqualTo("half");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void cutsTheConnectionOfARequestThatFailed() throws IOException {
        try (var client = serve(LIMITS, _ -> {
            throw new IllegalStateException("planted by the test");
        })) {
            client.post("/", "", "");

            assertThat(client.isAtEnd()).isTrue();
            Eventually.await("nothing runs", () -> server().running() == 0);
        }
    }

    @Test
    void refusesABodyThatIsDeclaredTooLargeAndLetsItsSenderReadWhy() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
                    .send(new byte[1_000_000]);

            var head = client.head();

            assertThat(head.status()).isEqualTo(413);
            assertThat(client.body(head)).contains("request_too_large");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void refusesABodyThatGrowsTooLarge() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int piece = 0; piece < 10; piece++) {
                client.send("2000\r\n").send(new byte[0x2000]).send("\r\n");
            }
            client.send("0\r\n\r\n");

            assertThat(client.head().status()).isEqualTo(413);
        }
    }

    @Test
    void refusesADeclaredBodyBeforeItIsSentIfAskedFirst() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");

            assertThat(client.head().status()).isEqualTo(413);
        }
    }

    @Test
    void askedFirstLetsABodyCome() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            var first = client.head();
            client.send("hello");

            assertThat(first.status()).isEqualTo(100);
            assertThat(client.body(client.head())).isEqualTo("hello");
        }
    }

    @Test
    void boundsTheMemoryOfAllBodiesTogether() throws IOException {
        var mayEnd = new CountDownLatch(1);
        try (var first = serve(LIMITS, exchange -> {
                    await(mayEnd);
                    echo(exchange);
                });
                var second = new RawClient(server().port())) {
            first.post("/", "", "x".repeat(60_000));
            Eventually.await("the first one runs", () -> server().running() == 1);

            second.post("/", "", "x".repeat(60_000));
            var refused = second.head();
            mayEnd.countDown();

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsEntry("retry-after", "1");
            assertThat(first.head().status()).isEqualTo(200);
            Eventually.await("nothing runs", () -> server().running() == 0);
            try (var third = new RawClient(server().port())) {
                assertThat(third.post("/", "", "x".repeat(60_000)).head().status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void refusesHeadsThatAreTooLarge() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Much: " + "x".repeat(20_000) + "\r\n\r\n");

            assertThat(client.head().status()).isEqualTo(431);
        }
    }

    @Test
    void refusesWhatIsNoHttp() throws IOException {
        try (var client = serve(LIMITS, EdgeServerTest::echo)) {
            client.send("HELO there\r\n\r\n");

            var head = client.head();

            assertThat(head.status()).isEqualTo(400);
            assertThat(client.body(head)).contains("malformed_request");
        }
    }

    @Test
    void refusesConnectionsBeyondTheLimit() throws IOException {
        try (var one = serve(LIMITS, EdgeServerTest::echo);
                var two = new RawClient(server().port());
                var three = new RawClient(server().port());
                var four = new RawClient(server().port())) {
            for (var client : new RawClient[] {one, two, three, four}) {
                assertThat(client.post("/", "", "").head().status()).isEqualTo(200);
            }

            try (var five = new RawClient(server().port())) {
                assertThat(five.head().status()).isEqualTo(503);
            }
        }
    }

    @Test
    void givesUpARequestThatDoesNotComeToItsEnd() throws IOException {
        var impatient = new EdgeLimits(
                4, 8 << 10, 64 << 10, 96 << 10, Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofSeconds(20));
        try (var client = serve(impatient, EdgeServerTest::echo)) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");

            assertThat(client.head().status()).isEqualTo(408);
        }
    }

    @Test
    void waitsForRunningAnswersWhenItDrains() throws IOException, InterruptedException {
        var began = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        try (var client = serve(LIMITS, exchange -> {
            began.countDown();
            await(mayEnd);
            echo(exchange);
        })) {
            client.post("/", "", "late");
            await(began);
            var draining = Thread.ofVirtual().start(() -> {
                try {
                    server().drain(Duration.ofSeconds(20));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            mayEnd.countDown();
            draining.join();

            assertThat(client.body(client.head())).isEqualTo("late");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("It did not happen in time.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
