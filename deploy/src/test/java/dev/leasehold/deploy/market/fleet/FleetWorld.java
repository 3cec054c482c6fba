package dev.leasehold.deploy.market.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Market;
import dev.leasehold.deploy.market.MarketWorld;
import dev.leasehold.deploy.market.SettableClock;
import dev.leasehold.deploy.market.TestDatabase;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/** The fleet on a real database, with two scripted agents. */
final class FleetWorld implements MarketWorld {
    static final long HOST_BYTES = CAPACITY_BYTES + (1L << 30);
    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final SettableClock clock = new SettableClock();
    private final DataSource database = TestDatabase.empty();
    private final Fleet fleet = FleetFixture.fleet(database, clock);
    private final Map<String, ScriptedAgent> agents;
    private final Set<String> silent = new HashSet<>();

    FleetWorld(Faults faults) {
        var random = new SplittableRandom(faults.seed());
        agents = Map.of(CHEAP, agent(faults, random.split()), DEAR, agent(faults, random.split()));
        register(CHEAP, "0.10");
        register(DEAR, "0.20");
    }

    private ScriptedAgent agent(Faults faults, SplittableRandom random) {
        return new ScriptedAgent(fleet.endpoint(), () -> random.nextDouble() < faults.lossRate());
    }

    private void register(String name, String priceUsdPerHour) {
        var answer = agent(name).register(name, priceUsdPerHour, HOST_BYTES);
        assertThat(answer.status()).isEqualTo(200);
    }

    SettableClock clock() {
        return clock;
    }

    Fleet fleet() {
        return fleet;
    }

    /** The market as it is after the gateway was started again. */
    FleetMarket restartedMarket() {
        return FleetFixture.fleet(database, clock).market();
    }

    ScriptedAgent agent(String name) {
        return agents.getOrDefault(name, new ScriptedAgent(fleet.endpoint(), () -> false));
    }

    @Override
    public Market market() {
        return fleet.market();
    }

    @Override
    public void pass(Duration time) {
        for (var left = time; left.isPositive(); left = left.minus(HEARTBEAT)) {
            clock.advance(HEARTBEAT);
            agents.forEach((name, agent) -> {
                if (!silent.contains(name)) {
                    agent.heartbeat(HOST_BYTES);
                }
            });
        }
    }

    @Override
    public void runnerEnds(LeaseId lease) {
        agents.values().forEach(agent -> agent.runnerEnds(lease.value()));
    }

    @Override
    public void silence(String provider) {
        silent.add(provider);
    }

    @Override
    public void speak(String provider) {
        silent.remove(provider);
    }

    @Override
    public boolean runs(LeaseId lease) {
        return agents.values().stream().anyMatch(agent -> agent.has(lease.value()));
    }

    @Override
    public int starts(LeaseId lease) {
        return agents.values().stream()
                .mapToInt(agent -> agent.starts(lease.value()))
                .sum();
    }

    @Override
    public void close() {
        silent.addAll(agents.keySet());
    }
}
