package dev.leasehold.deploy.lease;

import java.util.List;

/** What follows from an event: store the state first, then carry out the commands. */
public record Step(LeaseState next, List<LeaseCommand> commands) {
    public Step {
        commands = List.copyOf(commands);
    }

    static Step to(LeaseState next, LeaseCommand... commands) {
        return new Step(next, List.of(commands));
    }
}
