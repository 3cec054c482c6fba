package dev.leasehold.gateway.platform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Ends processes of a home that nobody watches any more, since the platform above them was killed. */
public final class Leftovers {
    private static final Duration RUNNER_STOP_MAX = Duration.ofSeconds(12);

    private Leftovers() {}

    /** Ends an agent, and the runners that it left. */
    static void end(Home home, String agentName) throws InterruptedException {
        var agentHome = home.agent(agentName);
        for (var found : HomeProcesses.of(home).agents()) {
            if (found.hasOption("--home", agentHome.toString())) {
                found.process().end("TERM", AgentProcess.STOP_MAX);
            }
        }
        endAll(runnersOf(home, agentHome), RUNNER_STOP_MAX);
    }

    /** Ends whatever runs of a home whose {@code up} is gone. Call it while holding the home's lock. */
    public static void endAll(Home home) throws InterruptedException {
        endAll(HomeProcesses.of(home).agents(), AgentProcess.STOP_MAX);
        endAll(HomeProcesses.of(home).runners(), RUNNER_STOP_MAX);
        PostgresServer.stopLeftover(home);
        Instance.forget(home);
    }

    /** Kills agents and runners, and what was making the database. */
    static void kill(Home home) throws InterruptedException {
        for (var found : HomeProcesses.of(home).all()) {
            if (found.isAgent() || found.isRunner() || found.isInitdb()) {
                found.process().signal("KILL");
            }
        }
    }

    /** They are told first and waited for then, so that many take as long as one. */
    private static void endAll(List<HomeProcesses.Found> processes, Duration patience) throws InterruptedException {
        for (var found : processes) {
            found.process().signal("TERM");
        }
        for (var found : processes) {
            if (!found.process().awaitEnd(patience)) {
                found.process().end("KILL", patience);
            }
        }
    }

    private static List<HomeProcesses.Found> runnersOf(Home home, Path agentHome) {
        return HomeProcesses.of(home).runnersOf(agentHome);
    }
}
