package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseSecrets;
import java.nio.file.Path;
import java.time.Clock;

/** The market, its agents' endpoint and their logs, which share what is held for an agent. */
record Fleet(FleetMarket market, FleetEndpoint endpoint, FleetLogs logs) {
    static Fleet of(FleetStore store, LeaseSecrets secrets, Clock clock, Path joinTokenFile) {
        var held = new HeldHeartbeats();
        var logs = new FleetLogs(store.repository(), held);
        var desk = new AgentDesk(store, held, logs, secrets, clock);
        var listening = new Listening(clock.instant());
        Runnable databaseFailed = () -> listening.wasInterrupted(clock.instant());
        var endpoint = new FleetEndpoint(new JoinToken(joinTokenFile), desk, logs, databaseFailed);
        return new Fleet(new FleetMarket(store, held, listening, clock), endpoint, logs);
    }
}
