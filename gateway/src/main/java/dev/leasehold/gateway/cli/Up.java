package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Database;
import dev.leasehold.gateway.platform.GatewayLauncher;
import dev.leasehold.gateway.platform.Platform;
import dev.leasehold.gateway.platform.UpSettings;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leasehold up}. */
@Command(
        name = "up",
        description = "Builds what is missing, starts everything on this machine, and stays until Ctrl-C.",
        footer = {
            "",
            "Ctrl-C or SIGTERM gives all leases back and stops everything in order; a second Ctrl-C kills it at once.",
            "",
            "Examples:",
            "  ./leasehold up",
            "  ./leasehold up --port 9080 --console-port 9081 --home /var/lib/leasehold",
            "  LEASEHOLD_DATABASE_PASSWORD=... ./leasehold up --database-url jdbc:postgresql://db/leasehold",
            "",
            "Exit codes: 0 stopped as asked, 1 failed or a starter model did not come up, 2 usage,",
            "130 or 143 stopped by SIGINT or SIGTERM before it was ready, or killed by a second one."
        })
final class Up implements Callable<Integer> {
    private static final int PORT_MAX = 65_535;

    private final PrintStream out;
    private final GatewayLauncher launcher;

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--port", description = "Port of the OpenAI API (default: ${DEFAULT-VALUE}).")
    private int port = 8080;

    @Option(names = "--console-port", description = "Port of console and management (default: ${DEFAULT-VALUE}).")
    private int consolePort = 8081;

    @Option(names = "--address", description = "Address of the OpenAI API (default: ${DEFAULT-VALUE}).")
    private String address = "127.0.0.1";

    @Option(names = "--price", paramLabel = "USD", description = "This machine's dollars an hour (default: 0.10).")
    private BigDecimal price = new BigDecimal("0.10");

    @Option(names = "--keep", description = "When stopped, keep the leases: agent and runners go on, and bill.")
    private boolean keep;

    @Option(names = "--no-deploy", description = "Do not deploy the starter models.")
    private boolean noDeploy;

    @Option(
            names = "--database-url",
            paramLabel = "JDBC-URL",
            description = "Your own PostgreSQL instead of ours; its user and password come from"
                    + " LEASEHOLD_DATABASE_USER and LEASEHOLD_DATABASE_PASSWORD.")
    private @Nullable String databaseUrl;

    Up(PrintStream out, GatewayLauncher launcher) {
        this.out = out;
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireSense();
        var settings =
                new UpSettings(home.home(), home.repository(), address, port, consolePort, keep, database(), price);
        var platform = new Platform(settings, launcher, out::println);
        var stop = Stop.arm(platform, out);
        try {
            platform.start();
            var api = ApiClient.at(settings.apiUrl(), settings.consoleUrl(), home.home());
            var starters = new Starters(home.home(), api, out);
            var served = noDeploy ? starters.awaitAll() : starters.deploy();
            platform.announceReady();
            new Banner(settings, api, out).print(served);
            stop.ready(served ? ExitCode.OK : ExitCode.FAILED);
            stop.await();
            return ExitCode.OK;
        } catch (RuntimeException e) {
            if (stop.isStopping()) {
                return ExitCode.FAILED; // It failed because it was interrupted, which is no news to anybody.
            }
            throw e;
        } finally {
            stop.startEnded();
        }
    }

    private void requireSense() {
        if (port < 1 || port > PORT_MAX || consolePort < 1 || consolePort > PORT_MAX) {
            throw CommandException.usage("A port is a number from 1 to " + PORT_MAX + ".");
        }
        if (port == consolePort) {
            throw CommandException.usage("--port and --console-port must differ: both are " + port + ".");
        }
        if (price.signum() < 0) {
            throw CommandException.usage("The price must not be negative.");
        }
    }

    private Optional<Database> database() {
        if (databaseUrl == null) {
            return Optional.empty();
        }
        if (!databaseUrl.startsWith("jdbc:postgresql:")) {
            throw CommandException.usage("--database-url must be like jdbc:postgresql://host:5432/leasehold.");
        }
        if (databaseUrl.contains("password=")) {
            throw CommandException.usage("A password in --database-url is seen by everybody on this machine."
                    + " Give it in LEASEHOLD_DATABASE_PASSWORD.");
        }
        return Optional.of(new Database(
                databaseUrl,
                Optional.ofNullable(System.getenv("LEASEHOLD_DATABASE_USER")).orElse("leasehold"),
                Optional.ofNullable(System.getenv("LEASEHOLD_DATABASE_PASSWORD"))
                        .orElse("")));
    }
}
