package dev.leasehold.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.platform.ChildProcess;
import dev.leasehold.gateway.platform.FakeAgentDistribution;
import dev.leasehold.gateway.platform.Home;
import dev.leasehold.gateway.platform.HomeProcesses;
import dev.leasehold.gateway.platform.Leftovers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sends signals to a real {@code up} with a real database and agent; the tests share one home. */
class UpSignalsTest {
    @TempDir
    private static Path folder;

    private static Home home;

    @BeforeAll
    static void build() {
        home = new Home(folder.resolve("home"));
        FakeAgentDistribution.build(folder);
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        Leftovers.endAll(home);
    }

    @ParameterizedTest
    @CsvSource({"TERM", "HUP"})
    void onceReadyASignalIsAnOrderlyEndAndSuccess(String signal) throws Exception {
        try (var up = up("never", freePort())) {
            var start = readUntil(up, "Ctrl-C stops it");
            assertThat(start)
                    .containsSubsequence(
                            "database: ready", "gateway: starting", "chat: serving", "Leasehold is ready.");

            up.mark().signal(signal);

            assertThat(rest(up)).contains("releasing", "closing").last().isEqualTo("Stopped.");
            assertThat(up.awaitExit()).isZero();
            assertThatNothingIsLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "launch, launched",
        "never, 'database: starting PostgreSQL'",
        "never, 'agent: lending this machine as local'"
    })
    void aSignalWhileItStartsEndsItAndLeavesNothing(String hangsAt, String line) throws Exception {
        try (var up = up(hangsAt, freePort())) {
            readUntil(up, line);

            up.mark().signal("TERM");

            assertThat(rest(up)).doesNotContain("Leasehold is ready.");
            assertThat(up.awaitExit()).isEqualTo(143);
            assertThatNothingIsLeft();
        }
    }

    @Test
    void aSecondSignalKillsWhatDoesNotStop() throws Exception {
        try (var up = up("close", freePort())) {
            readUntil(up, "Ctrl-C stops it");
            up.mark().signal("TERM");
            readUntil(up, "closing");

            up.mark().signal("TERM");

            assertThat(rest(up)).contains("Killing everything. The next start closes what is still leased.");
            assertThat(up.awaitExit()).isEqualTo(130);
            assertThatNothingIsLeft();
        }
    }

    @Test
    void aPortInUseIsOneSentenceAndAnExitCode() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var up = up("never", taken.getLocalPort())) {
            var lines = rest(up);

            assertThat(lines)
                    .singleElement()
                    .asString()
                    .contains("already in use")
                    .contains("--port");
            assertThat(up.awaitExit()).isEqualTo(1);
        }
    }

    private static void assertThatNothingIsLeft() {
        assertThat(HomeProcesses.of(home).all()).isEmpty();
        assertThat(ProcessHandle.allProcesses().map(ProcessHandle::info).flatMap(info -> info.commandLine().stream()))
                .noneMatch(line -> line.contains(folder.toString()));
    }

    private static ChildProcess up(String hangsAt, int port) {
        return ChildProcess.java(
                UpToSignal.class,
                hangsAt,
                folder.toString(),
                "up",
                "--home=" + home.root(),
                "--port=" + port,
                "--console-port=" + freePort());
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> readUntil(ChildProcess up, String end) throws IOException {
        var lines = new ArrayList<String>();
        for (var line = up.process().inputReader().readLine();
                line != null;
                line = up.process().inputReader().readLine()) {
            lines.add(line);
            if (line.startsWith(end)) {
                return lines;
            }
        }
        throw new AssertionError("'" + end + "' did not come: " + lines);
    }

    private static List<String> rest(ChildProcess up) {
        return up.process().inputReader().lines().toList();
    }
}
