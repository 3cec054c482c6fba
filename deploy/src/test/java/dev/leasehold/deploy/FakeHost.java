package dev.leasehold.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.deploy.market.fleet.FleetEndpoint;
import dev.leasehold.deploy.market.fleet.FleetFixture;
import dev.leasehold.deploy.runner.ScriptedRunner;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A lent host in this JVM: an agent that says and does what the protocol has it, and scripted runners on real ports.
 */
final class FakeHost implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long MEMORY_BYTES = 64L << 30;

    private final String name;
    private final String priceUsdPerHour;
    private final Supplier<FleetEndpoint> gateway;
    private final UUID id = UUID.randomUUID();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private int starts;
    private boolean holdsBack;
    private UUID boot = UUID.randomUUID();
    private Thread agent;
    private long revision;

    private record Run(ScriptedRunner runner, boolean ended) {}

    private record Said(int status, byte[] body) {}

    FakeHost(String name, String priceUsdPerHour, Supplier<FleetEndpoint> gateway) {
        this.name = name;
        this.priceUsdPerHour = priceUsdPerHour;
        this.gateway = gateway;
        this.agent = start();
    }

    private Thread start() {
        var mine = boot;
        return Thread.ofVirtual().name("host-" + name).start(() -> work(mine));
    }

    private void work(UUID mine) {
        while (isBoot(mine)) {
            var said = post("heartbeat", heartbeat());
            switch (said.status()) {
                case 200 -> obey(JSON.readTree(said.body()), mine);
                case 404 -> post("register", registration());
                default -> LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private synchronized boolean isBoot(UUID mine) {
        return boot.equals(mine);
    }

    private Said post(String path, String body) {
        var authorization = "Bearer " + FleetFixture.TOKEN;
        var answer = gateway.get().handle("POST", "/agent/v1/" + path, authorization, body.getBytes(UTF_8));
        return new Said(answer.status(), answer.body());
    }

    private synchronized String registration() {
        return """
                {"protocol": 1, "agent": "%s", "boot": "%s", "name": "%s", "version": "0.1.0",
                 "price_usd_per_hour": %s, "reach": {"kind": "direct", "host": "127.0.0.1"},
                 "host": {"hostname": "box", "cores": 4, "memory_bytes": %d, "memory_available_bytes": %d,
                          "gpus": []}}""".formatted(id, boot, name, priceUsdPerHour, MEMORY_BYTES, MEMORY_BYTES);
    }

    private synchronized String heartbeat() {
        var leases = runs.entrySet().stream().map(this::report).collect(Collectors.joining(","));
        return """
                {"agent": "%s", "boot": "%s", "memory_available_bytes": %d, "revision": %d, "wait_ms": 50,
                 "leases": [%s]}""".formatted(id, boot, MEMORY_BYTES, revision, leases);
    }

    private String report(Map.Entry<String, Run> lease) {
        if (lease.getValue().ended()) {
            return "{\"lease\": \"%s\", \"state\": \"exited\", \"exit_code\": 137}".formatted(lease.getKey());
        }
        int port = lease.getValue().runner().address().port();
        return "{\"lease\": \"%s\", \"state\": \"running\", \"pid\": 7, \"host\": \"127.0.0.1\", \"port\": %d}"
                .formatted(lease.getKey(), port);
    }

    private synchronized void obey(JsonNode wishes, UUID mine) {
        if (!boot.equals(mine)) {
            return;
        }
        revision = wishes.path("revision").asLong();
        wishes.path("leases").valueStream().forEach(this::startOnce);
        List<String> wanted = wishes.path("leases")
                .valueStream()
                .map(order -> order.path("lease").asString())
                .toList();
        runs.entrySet().removeIf(run -> run.getValue().ended() && !wanted.contains(run.getKey()));
        runs.replaceAll((lease, run) -> wanted.contains(lease) ? run : end(run));
    }

    private void startOnce(JsonNode order) {
        runs.computeIfAbsent(order.path("lease").asString(), lease -> {
            starts++;
            var runner = new ScriptedRunner(lease, order.path("secret").asString());
            runner.holdBack(holdsBack);
            return new Run(runner, false);
        });
    }

    private static Run end(Run run) {
        run.runner().close();
        return new Run(run.runner(), true);
    }

    synchronized int starts() {
        return starts;
    }

    /** The runners that live. */
    synchronized List<ScriptedRunner> runners() {
        return runs.values().stream()
                .filter(run -> !run.ended())
                .map(Run::runner)
                .toList();
    }

    /** Models are not ready while this is so. */
    synchronized void holdBack(boolean hold) {
        holdsBack = hold;
        runners().forEach(runner -> runner.holdBack(hold));
    }

    /** Its runners end; the agent reports it. */
    synchronized void runnersDie() {
        runs.replaceAll((_, run) -> end(run));
    }

    /** The agent is killed; its runners go on. */
    synchronized void agentDies() {
        boot = UUID.randomUUID();
    }

    /** A new agent adopts what runs. */
    synchronized void agentComesBack() {
        agentDies();
        revision = 0;
        post("register", registration());
        agent = start();
    }

    /** The whole host dies: nothing is reported any more. */
    @Override
    public void close() {
        agentDies();
        runnersDie();
        try {
            agent.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
