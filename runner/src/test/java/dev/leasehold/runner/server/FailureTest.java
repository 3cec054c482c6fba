package dev.leasehold.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.runner.serving.Generation.FinishReason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong on one side, and what the other sees of it. */
class FailureTest {
    private static final String STREAM = "{\"prompt\": \"a\", \"stream\": true}";
    private static final String PATH = "/v1/completions";
    private static final Duration CANCEL_MAX = Duration.ofMillis(250);
    private static final int TRIES = 5;

    @TempDir
    Path cache;

    private TestRunner runner;

    @BeforeEach
    void start() throws Exception {
        runner = new TestRunner(cache, TestRunner.LIMITS).loaded("chat");
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void aClientThatLeavesBeforeTheFirstByteCancels() throws Exception {
        assertThat(isCancelledInTime(false)).isTrue();
    }

    @Test
    void aClientThatLeavesWithinTheStreamCancels() throws Exception {
        assertThat(isCancelledInTime(true)).isTrue();
    }

    /** The best of a few tries: a busy machine may delay one. Every try must cancel at all. */
    private boolean isCancelledInTime(boolean midStream) throws Exception {
        boolean inTime = false;
        for (int count = 0; count < TRIES && !inTime; count++) {
            var wire = runner.connect();
            runner.send(wire, "POST", PATH, STREAM);
            var script = runner.models.next();
            if (midStream) {
                script.text(0, "a");
                wire.status();
                wire.chunk();
            }
            wire.close();
            inTime = script.isClosedWithin(CANCEL_MAX);
            assertThat(script.isClosedWithin(Duration.ofSeconds(20))).isTrue();
        }
        return inTime;
    }

    @Test
    void aClientThatDoesNotReadIsLeftAfterAWhile() throws Exception {
        restart(new ServerLimits(
                32,
                20_000,
                1 << 16,
                Duration.ofMillis(300),
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                Duration.ofSeconds(1)));
        try (var wire = runner.connect()) {
            runner.send(wire, "POST", PATH, STREAM);
            var script = runner.models.next();
            var text = "x".repeat(1 << 20);
            for (int count = 0; count < 64; count++) {
                script.text(0, text);
            }

            assertThat(script.isClosedWithin(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void aFullWaitingRoomSendsElsewhere() throws Exception {
        runner.models.full = true;

        var answer = runner.ask("POST", PATH, STREAM);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.headers()).containsKey("retry-after");
        assertThat(answer.json().path("error").path("type").stringValue()).isEqualTo("rate_limit_error");
    }

    @Test
    void anEngineThatFailsAtOnceIsAnError() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(wire, "POST", PATH, STREAM);
            runner.models.next().failed();

            var answer = wire.answer(true);

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.message()).doesNotContain("no memory");
        }
    }

    @Test
    void anEngineThatFailsWithinAStreamCutsItBehindAnErrorEvent() throws Exception {
        try (var wire = runner.connect()) {
            runner.send(wire, "POST", PATH, STREAM);
            runner.models.next().text(0, "a").failed();

            wire.status();
            assertThat(wire.chunk()).contains("\"text\":\"a\"");
            assertThat(wire.chunk()).startsWith("data: {\"error\":{").contains("\"type\":\"server_error\"");
            assertThat(wire.isAtEnd()).isTrue();
        }
    }

    @Test
    void aLongWaitIsFilledWithComments() throws Exception {
        restart(new ServerLimits(
                32,
                20_000,
                1 << 16,
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                Duration.ofMillis(60),
                Duration.ofSeconds(1)));
        try (var wire = runner.connect()) {
            runner.send(wire, "POST", PATH, STREAM);
            var script = runner.models.next();

            assertThat(wire.status()).isEqualTo(200);
            assertThat(wire.chunk()).isEqualTo(": prefill\n\n");
            assertThat(wire.chunk()).isEqualTo(": prefill\n\n");
            script.finished(0, FinishReason.STOP, 0);
            var chunk = wire.chunk();
            while (chunk.startsWith(":")) {
                chunk = wire.chunk();
            }
            assertThat(chunk).contains("\"finish_reason\":\"stop\"");
        }
    }

    @Test
    void aRunnerThatStopsEndsItsAnswersAndTakesNoMore() throws Exception {
        try (var wire = runner.connect();
                var other = runner.connect();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            runner.send(wire, "POST", PATH, STREAM);
            var script = runner.models.next().text(0, "a");
            wire.status();
            wire.chunk();

            var stopping = threads.submit(runner::close);
            runner.awaitStage("stopping");
            runner.send(other, "POST", PATH, STREAM);
            var refused = other.answer(true);
            script.finished(0, FinishReason.STOP, 1);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(AnswerTest.events(wire)).hasSize(1);
            stopping.get();
        }
        assertThatThrownBy(runner::connect).isInstanceOf(IOException.class);
    }

    @Test
    void moreConnectionsThanAllowedAreClosed() throws Exception {
        var wires = new ArrayList<Wire>();
        try {
            assertThatThrownBy(() -> {
                        for (int count = 0; count <= TestRunner.LIMITS.connectionsMax(); count++) {
                            wires.add(runner.connect());
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(wires)
                    .hasSizeBetween(TestRunner.LIMITS.connectionsMax() - 2, TestRunner.LIMITS.connectionsMax());
        } finally {
            for (var wire : wires) {
                wire.close();
            }
        }
    }

    @Test
    void aHeadOverTheLimitEndsTheConnection() throws Exception {
        try (var wire = runner.connect()) {
            wire.send("GET", "/health", Map.of("X-Large", "x".repeat(20_000)), new byte[0]);

            assertThat(wire.status()).isEqualTo(400);
        }
    }

    private void restart(ServerLimits limits) throws Exception {
        runner.close();
        runner = new TestRunner(cache, limits).loaded("chat");
    }
}
