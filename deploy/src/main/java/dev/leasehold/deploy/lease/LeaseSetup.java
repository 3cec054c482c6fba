package dev.leasehold.deploy.lease;

import dev.leasehold.catalog.artifact.ArtifactSource;
import dev.leasehold.deploy.market.Market;
import dev.leasehold.deploy.offer.Capacities;
import dev.leasehold.deploy.runner.RunnerClient;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Puts together what works leases.
 *
 * @param owner a new one for each start of a control plane
 */
public record LeaseSetup(
        JdbcClient jdbc,
        List<Market> markets,
        Capacities capacities,
        RunnerClient runners,
        ArtifactSource sources,
        Clock clock,
        UUID owner) {
    private static final int CALLS_MAX = 64;

    public LeaseSetup {
        markets = List.copyOf(markets);
    }

    public LeaseWorker worker(LeasePolicy policy) {
        var experience = new LeaseExperience(leases(), clock);
        var calls = new MarketCalls(markets, capacities, experience, new LeaseOperations(jdbc, clock), clock);
        var intervals = RunnerTools.Intervals.DEFAULT;
        var tools = new RunnerTools(runners, sources, new FailureShare(), clock, policy.failedProbesMax(), intervals);
        var claims = new LeaseClaims(jdbc, new LeaseJson(), owner, LeaseWorker.CLAIMED);
        return new LeaseWorker(claims, policy, new LeaseShop(calls, tools, new Semaphore(CALLS_MAX)));
    }

    public LeaseSweep sweep() {
        return new LeaseSweep(markets, leases(), new LeaseOperations(jdbc, clock), clock);
    }

    private LeaseRepository leases() {
        return new LeaseRepository(jdbc, new LeaseJson());
    }
}
