package dev.leasehold.gateway.cli;

import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code leasehold keys} and what is under it. */
@Command(
        name = "keys",
        description = "Creates, lists and revokes API keys.",
        footer = {
            "",
            "Examples:",
            "  ./leasehold keys create laptop",
            "  ./leasehold keys ls",
            "  ./leasehold keys revoke 0b6f0a52-5a4e-4f0e-8d0e-6f1f8f4a2f11"
        })
final class Keys {
    /** {@code leasehold keys create}. */
    @Command(name = "create", description = "Creates a key and shows it, this once.")
    static final class Create implements Callable<Integer> {
        private final PrintStream out;

        @Mixin
        private HomeOption home = new HomeOption();

        @Parameters(paramLabel = "NAME", arity = "0..1", description = "What it is for (default: ${DEFAULT-VALUE}).")
        private String name = "default";

        Create(PrintStream out) {
            this.out = out;
        }

        @Override
        public Integer call() throws InterruptedException {
            var created = ApiClient.of(home.home()).post("/api/keys", Map.of("name", name));
            out.println(Deployments.text(created, "key"));
            return ExitCode.OK;
        }
    }

    /** {@code leasehold keys ls}. */
    @Command(name = "ls", description = "Lists the keys, without their secret part.")
    static final class Ls implements Callable<Integer> {
        private final PrintStream out;

        @Mixin
        private HomeOption home = new HomeOption();

        Ls(PrintStream out) {
            this.out = out;
        }

        @Override
        public Integer call() throws InterruptedException {
            var table = new Table("ID", "NAME", "BEGINS WITH", "CREATED", "REVOKED");
            for (var key : Deployments.list(ApiClient.of(home.home()).get("/api/keys"))) {
                table.row(
                        Deployments.text(key, "id"),
                        Deployments.text(key, "name"),
                        Deployments.text(key, "prefix"),
                        Deployments.text(key, "created_at"),
                        Deployments.text(key, "revoked_at"));
            }
            out.print(table.text());
            return ExitCode.OK;
        }
    }

    /** {@code leasehold keys revoke}. */
    @Command(name = "revoke", description = "Revokes a key: it is refused from then on.")
    static final class Revoke implements Callable<Integer> {
        private final PrintStream out;

        @Mixin
        private HomeOption home = new HomeOption();

        @Parameters(paramLabel = "ID", description = "The key's id, as keys ls shows it.")
        private String id = "";

        Revoke(PrintStream out) {
            this.out = out;
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiClient.of(home.home()).delete("/api/keys/" + ApiClient.segment(id));
            out.println(id + ": revoked.");
            return ExitCode.OK;
        }
    }
}
