package dev.leasehold.deploy.market.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.deploy.Eventually;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.MarketException;
import dev.leasehold.deploy.market.MarketWorld.Faults;
import dev.leasehold.deploy.market.Order;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FleetEndpointTest {
    private static final long MEMORY = 8L << 30;
    private static final Order ORDER = new Order(1L << 30, Optional.empty(), Set.of());
    private static final String NOBODY =
            "{\"agent\": \"%s\", \"boot\": \"%s\"}".formatted(new UUID(0, 1), new UUID(0, 2));

    private final FleetWorld world = new FleetWorld(Faults.NONE);
    private final FleetEndpoint endpoint = world.fleet().endpoint();
    private final ScriptedAgent stranger = new ScriptedAgent(endpoint, () -> false);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void answersNobodyWithoutTheJoinToken() {
        var none = endpoint.handle("POST", "/agent/v1/leave", null, NOBODY.getBytes(UTF_8));
        var wrong = endpoint.handle("POST", "/agent/v1/leave", "Bearer other", NOBODY.getBytes(UTF_8));
        var scheme = endpoint.handle("POST", "/agent/v1/leave", "Basic " + FleetFixture.TOKEN, NOBODY.getBytes(UTF_8));

        assertThat(List.of(none, wrong, scheme)).extracting(Answer::status).containsOnly(401);
    }

    @Test
    void refusesWhatIsNotOfThisProtocol() {
        assertThat(stranger.post("leases", "{}").status()).isEqualTo(404);
        assertThat(stranger.post("register", "{").status()).isEqualTo(400);
        assertThat(stranger.post("register", "").status()).isEqualTo(400);
        assertThat(stranger.post("leave", "x".repeat(FleetEndpoint.BODY_BYTES_MAX + 1))
                        .status())
                .isEqualTo(413);
        assertThat(endpoint.handle("GET", "/agent/v1/register", "Bearer " + FleetFixture.TOKEN, new byte[0])
                        .status())
                .isEqualTo(405);
    }

    @Test
    void refusesAnAgentOfAnotherRelease() {
        assertThat(code(stranger.post("register", "{\"protocol\": 0}"))).isEqualTo("426 protocol_too_old");
        assertThat(code(stranger.post("register", "{\"protocol\": 2}"))).isEqualTo("426 protocol_too_new");
    }

    @Test
    void namesTheFieldThatIsWrong() {
        var price = stranger.register("new", "-1", MEMORY);
        var name = stranger.register("Not A Name", "0.10", MEMORY);

        assertThat(text(price)).contains("\"param\":\"price_usd_per_hour\"");
        assertThat(text(name)).contains("\"param\":\"name\"");
        assertThat(List.of(price, name)).extracting(Answer::status).containsOnly(422);
    }

    @Test
    void aNameIsKeptUntilItsAgentWasSilentForHalfAMinute() {
        assertThat(code(stranger.register("cheap", "0.10", MEMORY))).isEqualTo("409 name_taken");

        world.clock().advance(FleetRules.NAME_KEPT);

        assertThat(stranger.register("cheap", "0.10", MEMORY).status()).isEqualTo(200);
    }

    @Test
    void anAgentThatIsNotRegisteredIsToldSo() {
        assertThat(code(stranger.post("heartbeat", stranger.heartbeatBody(MEMORY, 0))))
                .isEqualTo("404 unknown_agent");
    }

    @Test
    void anAgentOfAnEarlierBootIsSuperseded() {
        var agent = world.agent("cheap");
        var body = agent.heartbeatBody(MEMORY, 0)
                .replaceFirst("\"boot\": \"[^\"]*\"", "\"boot\": \"" + new UUID(1, 1) + "\"");

        assertThat(code(agent.post("heartbeat", body))).isEqualTo("409 superseded");
    }

    @Test
    void aLogThatNobodyReadsIsNotTaken() {
        var path = "leases/" + new UUID(0, 9) + "/log";

        assertThat(code(stranger.post(path + "?offset=0", "text"))).isEqualTo("410 nobody_reads");
        assertThat(code(stranger.post(path, "text"))).isEqualTo("422 invalid_value");
        assertThat(stranger.post(path + "?offset=0", "x".repeat((64 << 10) + 1)).status())
                .isEqualTo(413);
    }

    @Test
    void aRepeatedPieceOfALogIsDeliveredOnce() {
        var lease = new LeaseId(UUID.randomUUID());
        var read = new ArrayList<String>();
        var path = "leases/" + lease + "/log?offset=";

        try (var reading = world.fleet().logs().follow(lease, read::add)) {
            assertThat(reading).isNotNull();
            assertThat(stranger.post(path + "100", "one ").status()).isEqualTo(204);
            assertThat(stranger.post(path + "100", "one ").status()).isEqualTo(204);
            assertThat(stranger.post(path + "100", "one two ").status()).isEqualTo(204);
            assertThat(stranger.post(path + "108", "three").status()).isEqualTo(204);
        }

        assertThat(read).containsExactly("one ", "two ", "three");
        assertThat(stranger.post(path + "113", "four").status()).isEqualTo(410);
    }

    @Test
    void aHeldHeartbeatIsAnsweredOnceSomethingIsWanted() throws Exception {
        var agent = world.agent("cheap");
        agent.heartbeat(MEMORY);
        var held = send(() -> agent.post("heartbeat", agent.heartbeatBody(MEMORY, 10_000)));
        var offer = world.market().offers(ORDER).stream()
                .filter(each -> each.provider().equals("cheap"))
                .findFirst()
                .orElseThrow();

        world.market().accept(new LeaseId(UUID.randomUUID()), ORDER, offer);

        assertThat(text(held.get(10, TimeUnit.SECONDS))).contains("\"runtime\":\"leasehold\"");
    }

    @Test
    void aNewerHeartbeatHasTheOlderOneAnswered() throws Exception {
        var agent = world.agent("cheap");
        agent.heartbeat(MEMORY);
        var older = send(() -> agent.post("heartbeat", agent.heartbeatBody(MEMORY, 10_000)));

        Eventually.await("an answer to the older", () -> {
            agent.heartbeat(MEMORY);
            return older.isDone();
        });
        assertThat(older.get().status()).isEqualTo(200);
    }

    @Test
    void withoutADatabaseAgentsAreAskedToComeAgain() {
        var nowhere = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none?connectTimeout=2", "x", "x");
        var fleet = FleetFixture.fleet(nowhere, Clock.systemUTC());
        var agent = new ScriptedAgent(fleet.endpoint(), () -> false);

        var answer = agent.register("local", "0.10", MEMORY);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.retryAfter()).contains(Duration.ofSeconds(2));
        assertThatThrownBy(() -> fleet.market().offers(ORDER))
                .isInstanceOfSatisfying(
                        MarketException.class,
                        e -> assertThat(e.fault()).isEqualTo(MarketException.Fault.MARKET_UNAVAILABLE));
    }

    private Future<Answer> send(Callable<Answer> request) {
        return threads.submit(request);
    }

    private static String text(Answer answer) {
        return new String(answer.body(), UTF_8);
    }

    private static String code(Answer answer) {
        return answer.status() + " " + text(answer).replaceAll(".*\"code\":\"([^\"]*)\".*", "$1");
    }
}
