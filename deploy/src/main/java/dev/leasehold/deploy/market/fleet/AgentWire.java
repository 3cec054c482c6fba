package dev.leasehold.deploy.market.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/** The gateway's side of the messages in docs/protocols/agent.md. What an agent left out is null here. */
final class AgentWire {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AgentWire() {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Register(
            int protocol,
            @Nullable UUID agent,
            @Nullable UUID boot,
            @Nullable String name,
            @Nullable String version,
            @Nullable BigDecimal priceUsdPerHour,
            @Nullable Reach reach,
            @Nullable Host host) {}

    record Reach(@Nullable String kind, @Nullable String host) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Host(
            @Nullable String hostname,
            int cores,
            long memoryBytes,
            long memoryAvailableBytes,
            @Nullable List<FleetHost.Gpu> gpus) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Registered(UUID installation, long heartbeatMs) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Heartbeat(
            @Nullable UUID agent,
            @Nullable UUID boot,
            long memoryAvailableBytes,
            long revision,
            long waitMs,
            @Nullable List<LeaseReport> leases) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record LeaseReport(
            @Nullable UUID lease,
            @Nullable String state,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable Integer exitCode,
            @Nullable List<String> logTail) {}

    record Wishes(UUID installation, long revision, List<LeaseOrder> leases, List<UUID> logs) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record LeaseOrder(UUID lease, String secret, String runtime, long memoryBytes, int threads) {
        @Override
        public String toString() {
            return "LeaseOrder[lease=" + lease + "]";
        }
    }

    record Leave(@Nullable UUID agent, @Nullable UUID boot) {}

    record Failure(Fault error) {
        static Failure of(Refusal refusal) {
            var type = refusal.status() < 500 ? "invalid_request_error" : "server_error";
            return new Failure(new Fault(refusal.message(), type, refusal.param(), refusal.code()));
        }
    }

    @JsonInclude
    record Fault(String message, String type, @Nullable String param, String code) {}

    /** Reads a message; what is not one is refused. */
    static <T> T read(byte[] body, Class<T> type) {
        try {
            var message = JSON.readValue(body, type);
            if (message == null) {
                throw Refusal.of(400, "invalid_json", "The body is empty; it shall be a JSON object.");
            }
            return message;
        } catch (JacksonException e) {
            throw Refusal.of(400, "invalid_json", "The body is not this protocol's JSON: " + e.getOriginalMessage());
        }
    }

    static byte[] write(Object message) {
        return JSON.writeValueAsBytes(message);
    }

    static String text(Object value) {
        return JSON.writeValueAsString(value);
    }

    static <T> T parse(String text, Class<T> type) {
        return JSON.readValue(text, type);
    }
}
