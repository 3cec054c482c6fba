package dev.leasehold.gateway.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leasehold ls}. */
@Command(
        name = "ls",
        description = "Lists the deployments.",
        footer = {"", "Exit codes: 0 ok, 1 failed, 3 not running."})
final class Ls implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private HomeOption home = new HomeOption();

    Ls(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var deployments = Deployments.all(ApiClient.of(home.home()));
        out.print(
                deployments.isEmpty()
                        ? "Nothing is deployed. See ./leasehold models, then ./leasehold deploy MODEL.\n"
                        : Deployments.table(deployments));
        return ExitCode.OK;
    }
}
