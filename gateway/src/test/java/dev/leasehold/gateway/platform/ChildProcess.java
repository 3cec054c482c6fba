package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that a test starts, and that does not outlive it. */
public record ChildProcess(Process process) implements AutoCloseable {
    /** Starts a command with more in its environment. */
    public static ChildProcess start(Map<String, String> environment, List<String> command) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            return new ChildProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a main class of the tests in a JVM of its own. */
    public static ChildProcess java(Class<?> main, String... arguments) {
        return java(Map.of(), main, arguments);
    }

    static ChildProcess java(Map<String, String> environment, Class<?> main, String... arguments) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return start(environment, command);
    }

    /** A shell that sleeps, whose command line holds the given words. */
    static ChildProcess sleeper(Map<String, String> environment, String... words) {
        var command = new ArrayList<>(List.of("sh", "-c", "trap 'kill $!; exit 0' TERM; sleep 300 & wait", "sh"));
        command.addAll(List.of(words));
        var child = start(environment, command);
        Eventually.await(
                "the shell of " + child.mark(),
                () -> child.process().children().findAny().isPresent());
        return child;
    }

    public ProcessMark mark() {
        return ProcessMark.of(process.pid()).orElseThrow();
    }

    public int awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("Process " + process.pid() + " did not end.");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
