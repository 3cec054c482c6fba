package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeProcessesTest {
    private static final String AGENT = "dev.leasehold.deploy.agent.Agent";
    private static final String RUNNER = "dev.leasehold.runner.Runner";

    @TempDir
    private Path folder;

    private Home home;

    @BeforeEach
    void prepareHome() {
        home = new Home(folder.resolve("home ü"));
        home.prepare(new SecureRandom());
    }

    @Test
    void anAgentIsFoundByItsEnvironment() {
        try (var agent = agentOf(home)) {
            assertThat(HomeProcesses.of(home).agents())
                    .extracting(HomeProcesses.Found::process)
                    .containsExactly(agent.mark());
            assertThat(HomeProcesses.of(home).runners()).isEmpty();
        }
    }

    @Test
    void theProcessesOfAnotherHomeAreLeftAlone() throws InterruptedException {
        var other = new Home(folder.resolve("home ü2"));
        try (var agent = agentOf(other);
                var runner = runnerOf(other)) {
            Leftovers.endAll(home);

            assertThat(HomeProcesses.of(home).all()).isEmpty();
            assertThat(agent.mark().isAlive()).isTrue();
            assertThat(runner.mark().isAlive()).isTrue();
        }
    }

    @Test
    void aRunnerIsFoundWhoseAgentWasStartedElsewhere() {
        try (var runner = runnerOf(home)) {
            assertThat(HomeProcesses.of(home).runnersOf(home.agent("local")))
                    .extracting(HomeProcesses.Found::process)
                    .containsExactly(runner.mark());
            assertThat(HomeProcesses.of(home).runnersOf(home.agent("loc"))).isEmpty();
        }
    }

    @Test
    void nothingOfAHomeIsLeft() throws InterruptedException {
        try (var agent = agentOf(home);
                var runner = runnerOf(home)) {
            Leftovers.endAll(home);

            assertThat(agent.awaitExit()).isZero();
            assertThat(runner.awaitExit()).isZero();
        }
    }

    private static ChildProcess agentOf(Home home) {
        return ChildProcess.sleeper(
                Map.of(Session.MARK, home.root().toString()),
                AGENT,
                "--home",
                home.agent("local").toString());
    }

    private static ChildProcess runnerOf(Home home) {
        var state = home.agent("local").resolve("leases/1/state.json");
        return ChildProcess.sleeper(Map.of("LEASEHOLD_STATE_FILE", state.toString()), RUNNER);
    }
}
