package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The agents and runners of a home that are running, whoever started them. They are found by their environment: a file
 * with process ids would miss a process that was started just before its parent was killed.
 */
public record HomeProcesses(List<Found> all) {
    private static final String AGENT = "dev.leasehold.deploy.agent.Agent";
    private static final String RUNNER = "dev.leasehold.runner.Runner";
    private static final String RUNNER_STATE = "LEASEHOLD_STATE_FILE=";

    /** A process with its command line. */
    public record Found(ProcessMark process, List<String> command, String stateFile) {
        boolean isAgent() {
            return command.contains(AGENT);
        }

        boolean isRunner() {
            return command.contains(RUNNER);
        }

        boolean isInitdb() {
            return command.getFirst().endsWith("/initdb");
        }

        boolean hasOption(String option, String value) {
            var at = command.indexOf(option);
            return at >= 0 && at + 1 < command.size() && command.get(at + 1).equals(value);
        }
    }

    public static HomeProcesses of(Home home) {
        var found = new ArrayList<Found>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                look(process, home, found);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new PlatformException("The running processes could not be listed: " + e.getMessage() + ".", e);
        }
        return new HomeProcesses(List.copyOf(found));
    }

    public List<Found> agents() {
        return all.stream().filter(Found::isAgent).toList();
    }

    public List<Found> runners() {
        return all.stream().filter(Found::isRunner).toList();
    }

    /** The runners of one agent, which keeps their state files in its home. */
    public List<Found> runnersOf(Path agentHome) {
        return runners().stream()
                .filter(found -> found.stateFile().startsWith(agentHome + "/"))
                .toList();
    }

    private static void look(Path process, Home home, List<Found> found) {
        try {
            var environment = words(process.resolve("environ"));
            if (isOf(home, environment)) {
                var command = words(process.resolve("cmdline"));
                ProcessMark.of(Long.parseLong(process.getFileName().toString()))
                        .map(mark -> new Found(mark, command, stateFile(environment)))
                        .ifPresent(found::add);
            }
        } catch (IOException | UncheckedIOException _) {
            return; // It ended while we looked, or it is not ours to read.
        }
    }

    private static boolean isOf(Home home, List<String> environment) {
        return environment.contains(Session.MARK + "=" + home.root())
                || environment.stream().anyMatch(word -> word.startsWith(RUNNER_STATE + home.root() + "/"));
    }

    private static String stateFile(List<String> environment) {
        return environment.stream()
                .filter(word -> word.startsWith(RUNNER_STATE))
                .map(word -> word.substring(RUNNER_STATE.length()))
                .findFirst()
                .orElse("");
    }

    private static List<String> words(Path file) throws IOException {
        return Arrays.asList(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0", -1));
    }
}
