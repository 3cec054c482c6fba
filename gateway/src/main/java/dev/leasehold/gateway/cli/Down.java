package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Home;
import dev.leasehold.gateway.platform.HomeLock;
import dev.leasehold.gateway.platform.Instance;
import dev.leasehold.gateway.platform.Leftovers;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leasehold down}. */
@Command(
        name = "down",
        description = "Gives all leases back and stops everything of this installation, whatever state it is in.",
        footer = {"", "Exit codes: 0 nothing runs any more, 1 something could not be stopped."})
final class Down implements Callable<Integer> {
    private static final Duration ORDERLY_MAX = Duration.ofSeconds(90);

    private final PrintStream out;

    @Mixin
    private HomeOption home = new HomeOption();

    Down(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var running = Instance.of(home.home()).filter(Instance::isRunning);
        if (running.isPresent()) {
            var process = running.get().process();
            out.println("Stopping Leasehold (process " + process.pid() + ").");
            process.signal("TERM");
            if (!process.awaitEnd(ORDERLY_MAX)) {
                throw CommandException.failed("Process " + process.pid() + " does not end; stop it with kill -9 "
                        + process.pid() + ", then run ./leasehold down again.");
            }
        }
        if (Files.isDirectory(home.home().root())) {
            endLeftovers(home.home());
        }
        out.println(running.isPresent() ? "Stopped." : "Leasehold is not running.");
        return ExitCode.OK;
    }

    /** With the lock, so that nothing is ended under an {@code up} that begins just now. */
    private static void endLeftovers(Home home) throws InterruptedException {
        try (var _ = HomeLock.take(home)) {
            Leftovers.endAll(home);
        }
    }
}
