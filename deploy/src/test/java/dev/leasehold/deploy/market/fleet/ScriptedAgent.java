package dev.leasehold.deploy.market.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An agent without processes: says what the protocol says, in JSON, and obeys as an agent does. */
final class ScriptedAgent {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String AUTHORIZATION = "Bearer " + FleetFixture.TOKEN;

    private final FleetEndpoint endpoint;
    private final BooleanSupplier loses;
    private final UUID id = UUID.randomUUID();
    private final UUID boot = UUID.randomUUID();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final Map<String, Integer> starts = new LinkedHashMap<>();
    private long revision;

    private enum Run {
        STARTING,
        RUNNING,
        STOPPING,
        EXITED
    }

    ScriptedAgent(FleetEndpoint endpoint, BooleanSupplier loses) {
        this.endpoint = endpoint;
        this.loses = loses;
    }

    UUID id() {
        return id;
    }

    Answer register(String name, String priceUsdPerHour, long memoryBytes) {
        return post("register", """
                {"protocol": 1, "agent": "%s", "boot": "%s", "name": "%s", "version": "0.1.0",
                 "price_usd_per_hour": %s, "reach": {"kind": "direct", "host": "127.0.0.1"},
                 "host": {"hostname": "box", "cores": 4, "memory_bytes": %d, "memory_available_bytes": %d,
                          "gpus": []}}""".formatted(id, boot, name, priceUsdPerHour, memoryBytes, memoryBytes));
    }

    /** One heartbeat that does not wait, and what the agent does on its answer, if that arrives. */
    void heartbeat(long memoryAvailableBytes) {
        if (loses.getAsBoolean()) {
            return;
        }
        var answer = post("heartbeat", heartbeatBody(memoryAvailableBytes, 0));
        runs.replaceAll((lease, run) -> next(run));
        if (loses.getAsBoolean()) {
            return;
        }
        assertThat(answer.status()).isEqualTo(200);
        obey(JSON.readTree(answer.body()));
    }

    String heartbeatBody(long memoryAvailableBytes, long waitMs) {
        return """
                {"agent": "%s", "boot": "%s", "memory_available_bytes": %d, "revision": %d, "wait_ms": %d,
                 "leases": [%s]}""".formatted(
                        id,
                        boot,
                        memoryAvailableBytes,
                        revision,
                        waitMs,
                        runs.entrySet().stream().map(ScriptedAgent::report).collect(Collectors.joining(",")));
    }

    private static String report(Map.Entry<String, Run> lease) {
        var id = lease.getKey();
        return switch (lease.getValue()) {
            case STARTING -> "{\"lease\": \"%s\", \"state\": \"starting\", \"pid\": 7}".formatted(id);
            case RUNNING ->
                "{\"lease\": \"%s\", \"state\": \"running\", \"pid\": 7, \"host\": \"127.0.0.1\", \"port\": 4711}"
                        .formatted(id);
            case STOPPING -> "{\"lease\": \"%s\", \"state\": \"stopping\", \"pid\": 7}".formatted(id);
            case EXITED ->
                "{\"lease\": \"%s\", \"state\": \"exited\", \"exit_code\": 137, \"log_tail\": [\"out of memory\"]}"
                        .formatted(id);
        };
    }

    private static Run next(Run run) {
        return switch (run) {
            case STARTING, RUNNING -> Run.RUNNING;
            case STOPPING, EXITED -> Run.EXITED;
        };
    }

    void obey(JsonNode wishes) {
        revision = wishes.get("revision").asLong();
        List<String> wanted = wishes.get("leases")
                .valueStream()
                .map(order -> order.get("lease").asString())
                .toList();
        for (var lease : wanted) {
            if (!runs.containsKey(lease)) {
                runs.put(lease, Run.STARTING);
                starts.merge(lease, 1, Integer::sum);
            }
        }
        runs.entrySet().removeIf(run -> run.getValue() == Run.EXITED && !wanted.contains(run.getKey()));
        runs.replaceAll((lease, run) -> wanted.contains(lease) || run == Run.EXITED ? run : Run.STOPPING);
    }

    void runnerEnds(UUID lease) {
        runs.replace(lease.toString(), Run.EXITED);
    }

    boolean has(UUID lease) {
        var run = runs.get(lease.toString());
        return run != null && run != Run.EXITED;
    }

    int starts(UUID lease) {
        return starts.getOrDefault(lease.toString(), 0);
    }

    void forgetEverything() {
        runs.clear();
    }

    Answer leave() {
        return post("leave", "{\"agent\": \"%s\", \"boot\": \"%s\"}".formatted(id, boot));
    }

    Answer post(String path, String body) {
        return endpoint.handle("POST", "/agent/v1/" + path, AUTHORIZATION, body.getBytes(UTF_8));
    }
}
