package dev.leasehold.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The runner as the process that it is on a lease. */
class RunnerProcessTest {
    private static final String LEASE = "6f1c7f3e-2a7c-4c1e-9d59-0d6c8f1f9a10";
    private static final String SECRET = "0123456789abcdef".repeat(4);
    private static final long WAIT_SECONDS = 60;

    @TempDir
    Path folder;

    @Test
    void itTellsWhereItListensAndEndsWellWhenItIsToldTo() throws Exception {
        var state = folder.resolve("state.json");
        var process = start(Map.of(
                "LEASEHOLD_LEASE",
                LEASE,
                "LEASEHOLD_LEASE_SECRET",
                SECRET,
                "LEASEHOLD_PORT",
                "0",
                "LEASEHOLD_CACHE",
                folder.resolve("cache").toString(),
                "LEASEHOLD_STATE_FILE",
                state.toString()));
        try {
            awaitFile(process, state);
            var written = new JsonMapper().readTree(Files.readAllBytes(state));

            process.destroy();

            assertThat(written.path("pid").longValue()).isEqualTo(process.pid());
            assertThat(written.path("port").intValue()).isPositive();
            assertThat(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(log()).contains("listens on 127.0.0.1:").doesNotContain(SECRET);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void itTrainsByItself() throws Exception {
        assertThat(exitStatus(start(Map.of(), "--train"))).as(log()).isZero();
    }

    @Test
    void aMissingVariableIsNamed() throws Exception {
        assertThat(exitStatus(start(Map.of("LEASEHOLD_LEASE", LEASE)))).isEqualTo(2);
        assertThat(log()).contains("LEASEHOLD_LEASE_SECRET is not set").doesNotContain("Exception");
    }

    @Test
    void anAddressThatIsNotItsOwnIsNamed() throws Exception {
        var process = start(
                Map.of("LEASEHOLD_LEASE", LEASE, "LEASEHOLD_LEASE_SECRET", SECRET, "LEASEHOLD_BIND", "192.0.2.1"));

        assertThat(exitStatus(process)).isEqualTo(1);
        assertThat(log()).contains("Cannot listen on").contains("192.0.2.1");
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Runner.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LEASEHOLD_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static int exitStatus(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private void awaitFile(Process process, Path file) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!Files.exists(file)) {
            if (process.waitFor(10, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new AssertionError("The runner did not start: " + log());
            }
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }
}
