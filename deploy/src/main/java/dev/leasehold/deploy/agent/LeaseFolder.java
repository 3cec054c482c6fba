package dev.leasehold.deploy.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What the agent knows of one lease, on disk, so that the next agent knows it too. In the order in which files come:
 * {@code begun} (from here on it may have been started, and never is again), {@code process.json}, {@code state.json}
 * (the runner's), {@code exit.json}, {@code ended} (the market no longer asks for it).
 */
record LeaseFolder(Path path, UUID lease) {
    private static final byte[] NOTHING = new byte[0];

    /** How a runner ended; the code is unknown if it was not our child then. */
    @JsonNaming(SnakeCaseStrategy.class)
    private record Exit(@Nullable Integer exitCode) {}

    @JsonNaming(SnakeCaseStrategy.class)
    private record State(int port) {}

    /** Notes, before anything is started, that it may have been. */
    void begin(String secret) throws IOException {
        Files.createDirectories(path);
        DurableFiles.write(path.resolve("secret"), secret.getBytes(UTF_8));
        DurableFiles.write(path.resolve("begun"), NOTHING);
        DurableFiles.syncFolder(path.toAbsolutePath().resolveSibling("."));
    }

    boolean isBegun() {
        return Files.exists(path.resolve("begun"));
    }

    void started(ProcessMark process) throws IOException {
        DurableFiles.write(path.resolve("process.json"), AgentMessages.write(process));
    }

    /** The runner's process. One that was started just before an agent died is found by its environment. */
    Optional<ProcessMark> process() {
        return read("process.json", ProcessMark.class).or(() -> ProcessMark.withEnvironment(stateVariable()));
    }

    /** A variable that only this lease's runner was started with. */
    String stateVariable() {
        return "LEASEHOLD_STATE_FILE=" + stateFile();
    }

    Path stateFile() {
        return path.resolve("state.json");
    }

    /** Where the runner listens, once it has said so. */
    Optional<Integer> port() {
        return read("state.json", State.class).map(State::port);
    }

    void exited(Optional<Integer> exitCode) throws IOException {
        DurableFiles.write(path.resolve("exit.json"), AgentMessages.write(new Exit(exitCode.orElse(null))));
    }

    boolean hasExited() {
        return Files.exists(path.resolve("exit.json"));
    }

    Optional<Integer> exitCode() {
        return read("exit.json", Exit.class).map(Exit::exitCode);
    }

    RunnerLog log() {
        return new RunnerLog(path);
    }

    /** The market asks for it no more. The log stays for a while, the secret does not. */
    void end() throws IOException {
        DurableFiles.write(path.resolve("ended"), NOTHING);
        Files.deleteIfExists(path.resolve("secret"));
    }

    boolean hasEnded() {
        return Files.exists(path.resolve("ended"));
    }

    void delete() throws IOException {
        try (var files = Files.newDirectoryStream(path)) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(path);
    }

    private <T> Optional<T> read(String file, Class<T> type) {
        try {
            return Optional.of(AgentMessages.read(Files.readAllBytes(path.resolve(file)), type));
        } catch (IOException | JacksonException _) {
            return Optional.empty(); // Not written yet.
        }
    }
}
