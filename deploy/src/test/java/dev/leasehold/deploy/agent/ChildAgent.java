package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** An agent in a JVM of its own, whose runners are shell scripts. */
final class ChildAgent implements AutoCloseable {
    private static final String RUNNER = """
            #!/bin/sh
            echo "runner with port 4711 started"
            echo started >>"$LEASEHOLD_CACHE/starts-$LEASEHOLD_LEASE"
            printf '{"pid": %s, "port": 4711, "boot": "b"}' $$ >"$LEASEHOLD_STATE_FILE.new"
            mv "$LEASEHOLD_STATE_FILE.new" "$LEASEHOLD_STATE_FILE"
            trap 'exit 0' TERM
            while :; do sleep 0.05; done
            """;

    private final Path home;
    private final Path output;
    private final Process process;

    private ChildAgent(Path home, Path output, Process process) {
        this.home = home;
        this.output = output;
        this.process = process;
    }

    static ChildAgent start(Path folder, URI gateway, Path tokenFile, String... more) {
        try {
            var output = Files.createTempFile(folder, "agent", ".log");
            var home = folder.resolve("home");
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Agent.class.getName()));
            command.addAll(List.of("--gateway", gateway.toString(), "--name", "child", "--price", "0.10"));
            command.addAll(List.of("--home", home.toString(), "--token-file", tokenFile.toString()));
            command.addAll(List.of("--runner-command", script(folder).toString()));
            command.addAll(List.of(more));
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new ChildAgent(home, output, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path script(Path folder) throws IOException {
        var script = folder.resolve("runner.sh");
        if (!Files.exists(script)) {
            Files.writeString(script, RUNNER);
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        }
        return script;
    }

    Process process() {
        return process;
    }

    Path home() {
        return home;
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("The agent did not end. It said:\n" + output());
        }
        return process.exitValue();
    }

    void awaitOutput(String text) {
        Eventually.await("'" + text + "' in " + output(), () -> output().contains(text));
    }

    /** Leaves nothing running, whatever the test did. */
    @Override
    public void close() {
        process.destroyForcibly();
        var leases = home.resolve("leases");
        try (var folders = Files.list(leases)) {
            folders.forEach(folder -> new LeaseFolder(folder, new UUID(0, 0))
                    .process()
                    .filter(ProcessMark::isAlive)
                    .flatMap(mark -> ProcessHandle.of(mark.pid()))
                    .ifPresent(ProcessHandle::destroyForcibly));
        } catch (IOException _) {
            return; // It never had any.
        }
    }
}
