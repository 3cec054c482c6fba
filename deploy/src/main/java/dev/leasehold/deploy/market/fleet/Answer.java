package dev.leasehold.deploy.market.fleet;

import java.time.Duration;
import java.util.Optional;

/**
 * What the gateway answers to an agent.
 *
 * @param retryAfter when the agent shall ask again, for the header of that name
 */
public record Answer(int status, String contentType, byte[] body, Optional<Duration> retryAfter) {
    private static final String JSON = "application/json";

    static Answer json(int status, Object body) {
        return new Answer(status, JSON, AgentWire.write(body), Optional.empty());
    }

    static Answer empty(int status) {
        return new Answer(status, JSON, new byte[0], Optional.empty());
    }

    static Answer refusal(Refusal refusal) {
        var body = AgentWire.write(AgentWire.Failure.of(refusal));
        return new Answer(refusal.status(), JSON, body, refusal.retryAfter());
    }
}
