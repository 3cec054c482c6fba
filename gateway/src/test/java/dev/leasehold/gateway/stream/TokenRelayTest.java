package dev.leasehold.gateway.stream;

import static dev.leasehold.gateway.stream.ScriptedRunner.chatChunk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.gateway.Eventually;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** One test for each way in which a runner, a client or the line between them may behave. */
class TokenRelayTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static TestCertificate certificate;

    private final LeaseSecrets secrets = new LeaseSecrets(new byte[32]);
    private final RunnerLinks links = new RunnerLinks(secrets);
    private final RunnerCall call = new RunnerCall(links);
    private final FakeExchange client = new FakeExchange("POST", "/v1/chat/completions", "");
    private final AtomicInteger firsts = new AtomicInteger();
    private ScriptedRunner runner;

    @BeforeAll
    static void makeCertificate() throws IOException, GeneralSecurityException, InterruptedException {
        certificate = new TestCertificate();
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        runner = new ScriptedRunner(certificate);
    }

    @AfterEach
    void stop() throws IOException {
        links.keepOnly(List.of());
        runner.close();
    }

    private Outcome ask(Relay relay) {
        return ask(relay, Duration.ofSeconds(20));
    }

    private Outcome ask(Relay relay, Duration silenceMax) {
        var request = new RunnerRequest("/v1/chat/completions", "{}".getBytes(UTF_8), "req_1", silenceMax);
        return call.ask(runner.target(), request, new ClientWatch(client), relay);
    }

    private Relay streaming(boolean includeUsage) {
        return TokenRelay.streaming(client, includeUsage, firsts::incrementAndGet);
    }

    private Relay gathering() {
        return TokenRelay.gathering(client, firsts::incrementAndGet);
    }

    @Test
    void relaysAStreamAsItCameWithoutTheUsageThatNobodyAskedFor() {
        runner.does((_, answer) -> answer.chat("Hel", "lo"));

        var outcome = ask(streaming(false));

        assertThat(outcome).isEqualTo(new Outcome.Complete(new Usage(3, 2)));
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.headers()).containsEntry("content-type", "text/event-stream; charset=utf-8");
        assertThat(client.text())
                .isEqualTo(
                        ("data: " + chatChunk("{\"role\":\"assistant\",\"content\":\"\"}", "null") + "\n\n" + "data: "
                                        + chatChunk("{\"content\":\"Hel\"}", "null") + "\n\n" + "data: "
                                        + chatChunk("{\"content\":\"lo\"}", "null") + "\n\n" + "data: "
                                        + chatChunk("{}", "\"stop\"") + "\n\n" + "data: [DONE]\n\n")
                                .replace(",\"usage\":null", ""));
        assertThat(client.how()).isEqualTo(FakeExchange.End.COMPLETE);
        assertThat(firsts).hasValue(1);
    }

    @Test
    void relaysTheUsageToWhoAskedForIt() {
        runner.does((_, answer) -> answer.chat("Hi"));

        ask(streaming(true));

        assertThat(client.text())
                .contains("\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,")
                .contains("\"usage\":null");
    }

    @Test
    void tellsTheRunnerWhoAsksAndThatItMay() {
        runner.does((_, answer) -> answer.chat("Hi"));

        ask(streaming(false));

        assertThat(runner.requests().getFirst().headers())
                .containsEntry("x-request-id", "req_1")
                .containsEntry(
                        "authorization",
                        "Bearer " + secrets.tokenOf(runner.target().lease()));
    }

    @Test
    void gathersAStreamIntoOneObject() {
        runner.does((_, answer) -> answer.chat("Hel", "lo"));

        var outcome = ask(gathering());

        assertThat(outcome).isEqualTo(new Outcome.Complete(new Usage(3, 2)));
        assertThat(JSON.readTree(client.text())).isEqualTo(JSON.readTree("""
                {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
                 "choices": [{"index": 0, "finish_reason": "stop",
                              "message": {"role": "assistant", "content": "Hello", "refusal": null}}],
                 "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}"""));
    }

    @Test
    void forwardsEachEventBeforeTheNextOneComes() throws InterruptedException {
        var mayGoOn = new CountDownLatch(1);
        runner.does((_, answer) -> {
            answer.stream().event("{\"a\":1}");
            mayGoOn.await();
            answer.event("{\"a\":2}").end();
        });

        var asking = Thread.ofVirtual().start(() -> ask(streaming(false)));
        Eventually.await("the first event alone", () -> client.text().equals("data: {\"a\":1}\n\n"));
        mayGoOn.countDown();
        asking.join();

        assertThat(client.text()).isEqualTo("data: {\"a\":1}\n\ndata: {\"a\":2}\n\ndata: [DONE]\n\n");
    }

    @Test
    void putsEventsTogetherHoweverTheyAreCutOnTheWay() {
        var stream =
                ": waiting\n\ndata: {\"a\":\"\u20ac\"}\n\ndata: {\"b\":2}\n\n: lh {}\ndata: {\"c\":3}\n\ndata: [DONE]\n\n";
        for (int size = 1; size < 12; size++) {
            int step = size;
            runner.does((_, answer) -> {
                answer.stream();
                for (int from = 0; from < stream.length(); from += step) {
                    answer.chunk(stream.substring(from, Math.min(stream.length(), from + step)));
                }
                answer.raw("0\r\n\r\n");
            });
            var each = new FakeExchange("POST", "/", "");
            var request = new RunnerRequest("/", new byte[0], "req_1", Duration.ofSeconds(20));

            call.ask(runner.target(), request, new ClientWatch(each), TokenRelay.streaming(each, false, () -> {}));

            assertThat(each.text())
                    .as("pieces of %d", size)
                    .isEqualTo("data: {\"a\":\"\u20ac\"}\n\ndata: {\"b\":2}\n\ndata: {\"c\":3}\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void sendsEventsThatCameTogetherTogether() {
        runner.does((_, answer) ->
                answer.stream().chunk("data: {\"a\":1}\n\ndata: {\"a\":2}\n\n").end());

        ask(streaming(false));

        assertThat(client.pieces()).first().isEqualTo("data: {\"a\":1}\n\ndata: {\"a\":2}\n\n");
    }

    @Test
    void takesAnEventThatIsLargerThanItsBuffer() {
        var large = "{\"a\":\"" + "x".repeat(100_000) + "\"}";
        runner.does((_, answer) ->
                answer.stream().event("{}").event(large).event("{}").end());

        ask(streaming(false));

        assertThat(client.text()).isEqualTo("data: {}\n\ndata: " + large + "\n\ndata: {}\n\ndata: [DONE]\n\n");
    }

    @Test
    void givesUpAnEventWithoutEnd() {
        runner.does((_, answer) -> {
            answer.stream();
            for (int piece = 0; piece < 40; piece++) {
                answer.chunk("data: " + "x".repeat(60_000));
            }
            answer.awaitClosed();
        });

        var outcome = ask(streaming(false));

        assertThat(outcome).isInstanceOf(Outcome.Lost.class);
        assertThat(client.hasBegun()).isFalse();
    }

    @Test
    void aRunnerThatIsLostBeforeItsFirstEventLeavesTheClientUntouched() {
        runner.does((_, answer) -> answer.stream().chunk(": waiting\n\n").cut());
        var relay = streaming(false);

        var outcome = ask(relay);

        assertThat(outcome).isInstanceOf(Outcome.Lost.class);
        assertThat(((Outcome.Lost) outcome).reached()).isTrue();
        assertThat(relay.hasBegun()).isFalse();
    }

    @Test
    void aRunnerThatIsLostAfterItsFirstEventEndsInAnErrorAndNeverInDone() throws IOException {
        runner.does((_, answer) ->
                answer.stream().event("{\"a\":1}").chunk("data: {\"half\":").cut());
        var relay = streaming(false);

        var outcome = ask(relay);
        relay.breakOff("{\"error\":{}}".getBytes(UTF_8));

        assertThat(outcome).isInstanceOf(Outcome.Lost.class);
        assertThat(relay.hasBegun()).isTrue();
        assertThat(client.text()).isEqualTo("data: {\"a\":1}\n\ndata: {\"error\":{}}\n\n");
        assertThat(client.how()).isEqualTo(FakeExchange.End.CUT);
    }

    @Test
    void aStreamThatEndsWithoutDoneWasCut() {
        runner.does((_, answer) -> {
            answer.stream().event(chatChunk("{}", "\"stop\""));
            answer.raw("0\r\n\r\n");
        });

        assertThat(ask(streaming(false))).isInstanceOf(Outcome.Lost.class);
    }

    @Test
    void anAnswerThatIsGatheredCanBeBegunAnewOnAnotherRunner() {
        var relay = gathering();
        runner.does((_, answer) -> answer.stream()
                .event(chatChunk("{\"content\":\"lost\"}", "null"))
                .cut());
        var lost = ask(relay);
        runner.does((_, answer) -> answer.chat("kept"));

        var outcome = ask(relay);

        assertThat(lost).isInstanceOf(Outcome.Lost.class);
        assertThat(outcome).isInstanceOf(Outcome.Complete.class);
        assertThat(client.text()).contains("\"content\":\"kept\"");
    }

    @Test
    void anErrorEventOfTheRunnerIsALoss() {
        runner.does((_, answer) -> {
            answer.stream().event("{\"error\":{\"message\":\"the engine failed\"}}");
            answer.raw("0\r\n\r\n");
        });

        assertThat(ask(streaming(false))).isInstanceOf(Outcome.Lost.class);
        assertThat(client.hasBegun()).isFalse();
    }

    @Test
    void aRunnerThatFallsSilentIsLost() {
        runner.does((_, answer) -> {
            answer.stream().event("{\"a\":1}");
            answer.awaitClosed();
        });

        var outcome = ask(streaming(false), Duration.ofMillis(300));

        assertThat(outcome).isInstanceOf(Outcome.Lost.class);
        Eventually.await("the connection is closed", () -> runner.openConnections() == 0);
    }

    @Test
    void aClientThatLeavesClosesTheRunnersConnectionBeforeTheFirstByte() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        runner.does((_, answer) -> {
            asked.countDown();
            answer.awaitClosed();
            closed.countDown();
        });
        var outcome = new Outcome[1];
        var asking = Thread.ofVirtual().start(() -> outcome[0] = ask(streaming(false)));
        asked.await();

        client.leave();
        asking.join();

        assertThat(outcome[0]).isInstanceOf(Outcome.ClientGone.class);
        Eventually.await("the runner sees it", () -> runner.openConnections() == 0);
    }

    @Test
    void aClientThatLeavesWithinItsAnswerClosesTheRunnersConnection() {
        client.leavingAfter(1);
        runner.does((_, answer) -> {
            answer.stream();
            while (true) {
                answer.event("{\"a\":1}");
            }
        });

        var outcome = ask(streaming(false));

        assertThat(outcome).isInstanceOf(Outcome.ClientGone.class);
        Eventually.await("the runner sees it", () -> runner.openConnections() == 0);
    }

    @Test
    void aClientThatLeftBeforehandAsksNobody() {
        client.leave();

        assertThat(ask(streaming(false))).isInstanceOf(Outcome.ClientGone.class);
        assertThat(runner.requests()).isEmpty();
    }

    @Test
    void theRunnersRefusalIsHandedOn() {
        runner.does((_, answer) -> answer.json(400, "{\"error\":{\"param\":\"temperature\"}}"));

        var outcome = ask(streaming(false));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.isFinal()).isTrue();
            assertThat(new String(refused.body(), UTF_8)).contains("temperature");
        });
    }

    @Test
    void aConnectionCarriesRequestAfterRequest() {
        runner.does((_, answer) -> answer.chat("Hi"));

        ask(streaming(false));
        ask(streaming(false));

        assertThat(runner.requests()).hasSize(2);
        assertThat(runner.openConnections()).isEqualTo(1);
    }

    @Test
    void aConnectionThatTheRunnerClosedMeanwhileIsDialledAnew() {
        runner.does((_, answer) -> answer.chat("Hi"));
        ask(streaming(false));
        runner.does((_, answer) -> {
            // The first request of this script came on the kept connection, which breaks before a byte is answered.
            if (runner.requests().size() == 2) {
                answer.cut();
            }
            answer.chat("again");
        });

        var outcome = ask(streaming(false));

        assertThat(outcome).isInstanceOf(Outcome.Complete.class);
        assertThat(client.text()).contains("again");
    }

    @Test
    void somebodyElsesCertificateIsRefused() throws IOException, GeneralSecurityException, InterruptedException {
        try (var impostor = new ScriptedRunner(new TestCertificate())) {
            impostor.does((_, answer) -> answer.chat("Hi"));
            var real = runner.target();
            var pinned = new Target(
                    real.lease(), "local", "127.0.0.1", impostor.target().port(), real.certificateSha256());
            var request = new RunnerRequest("/", new byte[0], "req_1", Duration.ofSeconds(20));

            var outcome = call.ask(pinned, request, new ClientWatch(client), streaming(false));

            assertThat(outcome).isEqualTo(new Outcome.Lost("The certificate is not the pinned one.", false));
            assertThat(impostor.requests()).isEmpty();
        }
    }

    @Test
    void nobodyWhereARunnerWasIsALossThatReachedNobody() throws IOException {
        runner.close();

        var outcome = ask(streaming(false));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Lost.class, lost -> assertThat(lost.reached()).isFalse());
    }

    @Test
    void embeddingsAreCountedByTheEndOfTheirBody() {
        var vectors = "{\"object\":\"list\",\"data\":[" + "0.123,".repeat(20_000)
                + "0],\"usage\":{\"prompt_tokens\":9,\"total_tokens\":9}}";
        runner.does((_, answer) -> answer.json(200, vectors));

        var outcome = ask(new BodyRelay(client, firsts::incrementAndGet));

        assertThat(outcome).isEqualTo(new Outcome.Complete(new Usage(9, 0)));
        assertThat(client.text()).isEqualTo(vectors);
        assertThat(client.headers()).containsEntry("content-length", Integer.toString(vectors.length()));
    }
}
