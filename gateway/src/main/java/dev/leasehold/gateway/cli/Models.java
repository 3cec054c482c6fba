package dev.leasehold.gateway.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leasehold models}. */
@Command(
        name = "models",
        description = "Lists the models of the catalog.",
        footer = {
            "",
            "A folder with a Hugging Face checkpoint can be deployed as well: ./leasehold deploy file:/path/to/it",
            "",
            "Exit codes: 0 ok, 1 failed, 3 not running."
        })
final class Models implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private HomeOption home = new HomeOption();

    Models(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var table = new Table("MODEL", "TASK", "LICENSE", "DESCRIPTION");
        for (var model : Deployments.list(ApiClient.of(home.home()).get("/api/models"))) {
            table.row(
                    Deployments.text(model, "id"),
                    Deployments.text(model, "task").toLowerCase(Locale.ROOT),
                    Deployments.text(model, "license"),
                    Deployments.text(model, "title"));
        }
        out.print(table.text());
        return ExitCode.OK;
    }
}
