package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process by its id and its start time in clock ticks since boot, so that a process id which the system gave to
 * somebody else in the meantime is not taken for ours.
 */
public record ProcessMark(long pid, long startTicks) {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration SIGNAL_MAX = Duration.ofSeconds(5);
    private static final int STATE = 0;
    private static final int START_TICKS = 19;

    /** The mark of a process that runs now; nothing for one that is gone or only waits to be reaped. */
    public static Optional<ProcessMark> of(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            var dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return dead ? Optional.empty() : Optional.of(new ProcessMark(pid, Long.parseLong(fields[START_TICKS])));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Waits until the process is gone, and says whether it is. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        var end = System.nanoTime() + atMost.toNanos();
        while (isAlive()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
        return true;
    }

    /** Sends a signal such as {@code INT}. One that comes too late does nothing. */
    public void signal(String name) throws InterruptedException {
        if (!isAlive()) {
            return;
        }
        try {
            var kill = new ProcessBuilder("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            throw new PlatformException("Process " + pid + " could not be signalled: " + e.getMessage() + ".", e);
        }
    }

    /** Asks the process to end, and kills it if it does not in time. */
    public void end(String signal, Duration patience) throws InterruptedException {
        signal(signal);
        if (!awaitEnd(patience)) {
            signal("KILL");
            awaitEnd(SIGNAL_MAX);
        }
    }
}
