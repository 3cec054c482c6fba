package dev.leasehold.gateway.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code leasehold rm}. */
@Command(
        name = "rm",
        description = "Removes a deployment: its replicas finish what they answer, then their leases are given back.",
        footer = {"", "Example: ./leasehold rm starter-chat", "", "Exit codes: 0 removed, 1 failed, 3 not running."})
final class Rm implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The deployment's name.")
    private String name = "";

    Rm(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        ApiClient.of(home.home()).delete("/api/deployments/" + ApiClient.segment(name));
        out.println(name + ": removed.");
        return ExitCode.OK;
    }
}
