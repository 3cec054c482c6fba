package dev.leasehold.deploy.market.fleet;

import static dev.leasehold.deploy.AgentProtocol.assertIs;
import static dev.leasehold.deploy.AgentProtocol.fromTheFuture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.fleet.FleetLease.Observed;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentWireTest {
    private static final String IDS = "7d0f8c1e-52a5-4a0b-9d1c-0d6f3f3e9a0";
    private static final UUID INSTALLATION = UUID.fromString(IDS + "3");
    private static final UUID LEASE = UUID.fromString(IDS + "4");
    private static final UUID ENDED = UUID.fromString(IDS + "5");

    @Test
    void writesWhatAGatewaySays() {
        var secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        var order = new AgentWire.LeaseOrder(LEASE, secret, "leasehold", 734_003_200L, 2);
        var wishes = new AgentWire.Wishes(INSTALLATION, 18, List.of(order), List.of(LEASE));
        var refusal = Refusal.invalid("price_usd_per_hour", "'price_usd_per_hour' is missing.");

        assertIs(AgentWire.write(new AgentWire.Registered(INSTALLATION, 2_000)), "registered");
        assertIs(AgentWire.write(wishes), "wishes");
        assertIs(Answer.refusal(refusal).body(), "refusal");
        assertThat(order.toString()).doesNotContain(secret);
    }

    @Test
    void readsWhatAnAgentSays() {
        var register = AgentWire.read(fromTheFuture("register"), AgentWire.Register.class);
        var heartbeat = AgentWire.read(fromTheFuture("heartbeat"), AgentWire.Heartbeat.class);
        var leave = AgentWire.read(fromTheFuture("leave"), AgentWire.Leave.class);

        var agent = AgentChecks.agent(register, Instant.EPOCH);
        var reports = AgentChecks.reports(heartbeat.leases());

        assertThat(agent.name()).isEqualTo("local");
        assertThat(agent.priceUsdPerHour()).isEqualByComparingTo("0.10");
        assertThat(agent.host().gpus()).extracting(FleetHost.Gpu::driver).containsExactly("570.86");
        assertThat(heartbeat.revision()).isEqualTo(17);
        assertThat(heartbeat.waitMs()).isEqualTo(2_000);
        assertThat(reports.get(new LeaseId(LEASE))).satisfies(sight -> {
            assertThat(sight.observed()).isEqualTo(Observed.RUNNING);
            assertThat(sight.port()).contains(40_123);
        });
        assertThat(reports.get(new LeaseId(ENDED))).satisfies(sight -> {
            assertThat(sight.exitCode()).contains(137);
            assertThat(sight.logTail()).containsExactly("last lines of its log");
        });
        assertThat(leave.agent()).isEqualTo(agent.id());
    }
}
