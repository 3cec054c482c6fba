package dev.leasehold.deploy.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A process by its id and its start time in clock ticks since boot, so that a process id which the system gave to
 * somebody else in the meantime is not taken for ours.
 */
@JsonNaming(SnakeCaseStrategy.class)
record ProcessMark(long pid, long startTicks) {
    private static final int STATE = 0;
    private static final int SESSION = 3;
    private static final int START_TICKS = 19;

    /** The mark of a process that runs now; nothing for one that is gone or only waits to be reaped. */
    static Optional<ProcessMark> of(long pid) {
        return stat(pid).map(fields -> new ProcessMark(pid, Long.parseLong(fields[START_TICKS])));
    }

    boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Finds the leader of a session that was started with this variable. */
    static Optional<ProcessMark> withEnvironment(String variable) {
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                var pid = Long.parseLong(String.valueOf(process.getFileName()));
                if (leadsSession(pid) && environmentHas(process, variable)) {
                    return of(pid);
                }
            }
            return Optional.empty();
        } catch (IOException | DirectoryIteratorException e) {
            throw new AgentException("The running processes cannot be listed in /proc: " + e.getMessage() + ".", e);
        }
    }

    private static boolean leadsSession(long pid) {
        return stat(pid)
                .filter(fields -> Long.parseLong(fields[SESSION]) == pid)
                .isPresent();
    }

    private static boolean environmentHas(Path process, String variable) {
        try {
            var environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return Arrays.asList(environment.split("\0", -1)).contains(variable);
        } catch (IOException _) {
            return false; // It ended meanwhile, or it is somebody else's.
        }
    }

    private static Optional<String[]> stat(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            var dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return dead || fields.length <= START_TICKS ? Optional.empty() : Optional.of(fields);
        } catch (IOException | IndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }
}
