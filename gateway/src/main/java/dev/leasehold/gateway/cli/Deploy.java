package dev.leasehold.gateway.cli;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold deploy}. */
@Command(
        name = "deploy",
        description = "Deploys a model: leases capacity for it and serves it.",
        footer = {
            "",
            "Examples:",
            "  ./leasehold deploy all-minilm-l6-v2 --wait",
            "  ./leasehold deploy starter-chat --name chat2 --replicas 2",
            "  ./leasehold deploy file:/models/my-llama --name mine --wait",
            "",
            "Exit codes: 0 deployed (with --wait: serving), 1 refused or does not come up, 2 usage, 3 not running."
        })
final class Deploy implements Callable<Integer> {
    private static final String FILE = "file:";

    private final PrintStream out;

    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "MODEL", description = "An id of the catalog, or file:/path of a checkpoint.")
    private String model = "";

    @Option(names = "--name", paramLabel = "N", description = "How the API shall call it (default: the model's id).")
    private @Nullable String name;

    @Option(names = "--replicas", paramLabel = "K", description = "How many serve it (default: ${DEFAULT-VALUE}).")
    private int replicas = 1;

    @Option(names = "--price-max", paramLabel = "USD", description = "At most so many dollars an hour for a replica.")
    private @Nullable BigDecimal priceMaxUsdPerHour;

    @Option(names = "--context", paramLabel = "TOKENS", description = "The longest context that shall fit.")
    private @Nullable Integer contextLength;

    @Option(names = "--wait", description = "Return when it serves.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "With --wait: at most (default: 600).")
    private long timeoutSeconds = 600;

    Deploy(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var api = ApiClient.of(home.home());
        var deployed = Deployments.text(api.post("/api/deployments", body()), "name");
        if (!wait) {
            out.println(deployed + ": deployed. Follow it with ./leasehold ls.");
            return ExitCode.OK;
        }
        var last = new Progress(api, out).await(List.of(deployed), Duration.ofSeconds(timeoutSeconds));
        if (last.isEmpty()) {
            throw CommandException.failed(deployed + " was removed while it came up.");
        }
        var deployment = last.getFirst();
        if (!Deployments.isServing(deployment)) {
            throw CommandException.failed(deployed + " does not serve: " + Deployments.stage(deployment) + ". "
                    + (Deployments.isComingUp(deployment)
                            ? "It goes on coming up; ./leasehold ls and ./leasehold logs " + deployed + " tell more."
                            : "It is kept until somebody offers what it needs, or ./leasehold rm " + deployed + "."));
        }
        return ExitCode.OK;
    }

    private Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        body.put("model", reference());
        if (name != null) {
            body.put("name", name);
        }
        body.put("replicas", replicas);
        if (priceMaxUsdPerHour != null) {
            body.put("price_max_usd_per_hour", priceMaxUsdPerHour);
        }
        if (contextLength != null) {
            body.put("context_length", contextLength);
        }
        return body;
    }

    /** A folder named as seen from here means nothing to the gateway: it gets the whole path. */
    private String reference() {
        if (model.startsWith(FILE)) {
            return FILE
                    + Path.of(model.substring(FILE.length())).toAbsolutePath().normalize();
        }
        var mayBeFolder = model.startsWith(".") || model.contains("/");
        return mayBeFolder && Files.isDirectory(Path.of(model))
                ? FILE + Path.of(model).toAbsolutePath().normalize()
                : model;
    }
}
