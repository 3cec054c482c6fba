package dev.leasehold.deploy.agent;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/** The agent's side of the messages in docs/protocols/agent.md. */
final class AgentMessages {
    static final int PROTOCOL = 1;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AgentMessages() {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Register(
            int protocol,
            UUID agent,
            UUID boot,
            String name,
            String version,
            BigDecimal priceUsdPerHour,
            Reach reach,
            Host host) {}

    record Reach(String kind, String host) {
        static Reach direct(String host) {
            return new Reach("direct", host);
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Host(String hostname, int cores, long memoryBytes, long memoryAvailableBytes, List<Gpu> gpus) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Gpu(String name, long memoryBytes, String driver) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Registered(UUID installation, long heartbeatMs) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Heartbeat(
            UUID agent, UUID boot, long memoryAvailableBytes, long revision, long waitMs, List<LeaseReport> leases) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LeaseReport(
            UUID lease,
            String state,
            @Nullable Long pid,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable Integer exitCode,
            @Nullable List<String> logTail) {}

    record Wishes(
            UUID installation,
            long revision,
            List<LeaseOrder> leases,
            @Nullable List<UUID> logs) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record LeaseOrder(UUID lease, String secret, String runtime, long memoryBytes, int threads) {
        @Override
        public String toString() {
            return "LeaseOrder[lease=" + lease + "]";
        }
    }

    record Leave(UUID agent, UUID boot) {}

    record Failure(@Nullable Fault error) {}

    record Fault(@Nullable String message, @Nullable String code) {}

    static byte[] write(Object message) {
        return JSON.writeValueAsBytes(message);
    }

    /** @throws tools.jackson.core.JacksonException if it is no such message */
    static <T> T read(byte[] body, Class<T> type) {
        return JSON.readValue(body, type);
    }
}
