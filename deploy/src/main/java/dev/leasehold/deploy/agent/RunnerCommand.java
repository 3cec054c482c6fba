package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.agent.AgentMessages.LeaseOrder;
import java.util.List;

/** The command that starts a runner for an order. */
interface RunnerCommand {
    List<String> of(LeaseOrder order);
}
