package dev.leasehold.deploy.agent;

import static dev.leasehold.deploy.AgentProtocol.assertIs;
import static dev.leasehold.deploy.AgentProtocol.fromTheFuture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.agent.AgentMessages.Failure;
import dev.leasehold.deploy.agent.AgentMessages.Gpu;
import dev.leasehold.deploy.agent.AgentMessages.Heartbeat;
import dev.leasehold.deploy.agent.AgentMessages.Host;
import dev.leasehold.deploy.agent.AgentMessages.LeaseReport;
import dev.leasehold.deploy.agent.AgentMessages.Leave;
import dev.leasehold.deploy.agent.AgentMessages.Reach;
import dev.leasehold.deploy.agent.AgentMessages.Register;
import dev.leasehold.deploy.agent.AgentMessages.Registered;
import dev.leasehold.deploy.agent.AgentMessages.Wishes;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentMessagesTest {
    private static final String IDS = "7d0f8c1e-52a5-4a0b-9d1c-0d6f3f3e9a0";
    private static final UUID AGENT = UUID.fromString(IDS + "1");
    private static final UUID BOOT = UUID.fromString(IDS + "2");
    private static final UUID LEASE = UUID.fromString(IDS + "4");
    private static final UUID ENDED = UUID.fromString(IDS + "5");

    @Test
    void writesWhatAnAgentSays() {
        var gpu = new Gpu("NVIDIA H100 80GB HBM3", 85_520_809_984L, "570.86");
        var host = new Host("box", 4, 25_041_661_952L, 23_000_000_000L, List.of(gpu));
        var reach = Reach.direct("127.0.0.1");
        var register = new Register(1, AGENT, BOOT, "local", "0.1.0", new BigDecimal("0.10"), reach, host);
        var running = new LeaseReport(LEASE, "running", 4711L, "127.0.0.1", 40_123, null, null);
        var exited = new LeaseReport(ENDED, "exited", null, null, null, 137, List.of("last lines of its log"));

        assertIs(AgentMessages.write(register), "register");
        assertIs(
                AgentMessages.write(new Heartbeat(AGENT, BOOT, 23_000_000_000L, 17, 2_000, List.of(running, exited))),
                "heartbeat");
        assertIs(AgentMessages.write(new Leave(AGENT, BOOT)), "leave");
    }

    @Test
    void readsWhatAGatewaySays() {
        var registered = AgentMessages.read(fromTheFuture("registered"), Registered.class);
        var wishes = AgentMessages.read(fromTheFuture("wishes"), Wishes.class);
        var failure = AgentMessages.read(fromTheFuture("refusal"), Failure.class);

        assertThat(registered.heartbeatMs()).isEqualTo(2_000);
        assertThat(wishes.revision()).isEqualTo(18);
        assertThat(wishes.logs()).containsExactly(LEASE);
        assertThat(wishes.leases()).singleElement().satisfies(order -> {
            assertThat(order.lease()).isEqualTo(LEASE);
            assertThat(order.memoryBytes()).isEqualTo(734_003_200L);
            assertThat(order.threads()).isEqualTo(2);
            assertThat(order.secret()).hasSize(64);
            assertThat(order.toString()).doesNotContain(order.secret());
        });
        assertThat(failure.error()).extracting("code").isEqualTo("invalid_value");
    }
}
