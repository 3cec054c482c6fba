package dev.leasehold.deploy.agent;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lends this host to a Leasehold gateway: docs/protocols/agent.md. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = "Lends this host to a Leasehold gateway, until it is told to end.",
        footer = {"", "Exit codes: 0 left in order, 1 failed, 2 usage."})
public final class Agent implements Callable<Integer> {
    static final String BIND_ADDRESS = "127.0.0.1";

    @Option(names = "--gateway", paramLabel = "URL", description = "The gateway (default: ${DEFAULT-VALUE}).")
    private URI gateway = URI.create("http://127.0.0.1:8080");

    @Option(names = "--name", paramLabel = "N", description = "How the market calls it (default: ${DEFAULT-VALUE}).")
    private String name = "local";

    @Option(names = "--price", paramLabel = "USD", description = "Dollars an hour (default: ${DEFAULT-VALUE}).")
    private BigDecimal priceUsdPerHour = new BigDecimal("0.10");

    @Option(names = "--home", paramLabel = "DIR", description = "Its own folder. Required.")
    private @Nullable Path home;

    @Option(names = "--token-file", paramLabel = "FILE", description = "The gateway's join token. Required.")
    private @Nullable Path tokenFile;

    @Option(names = "--runner-dist", paramLabel = "DIR", description = "The runner's folder. Required.")
    private @Nullable Path runnerDistribution;

    @Option(
            names = "--orphan-after",
            paramLabel = "TIME",
            description = "How long runners are kept without a gateway, such as 90s or 1h (default: ${DEFAULT-VALUE}).")
    private String orphanAfter = "1h";

    @Option(names = "--runner-command", hidden = true, description = "A command in place of the runner's; for tests.")
    private List<String> runnerCommand = new ArrayList<>();

    @Option(names = "--train", hidden = true, description = "Loads what an agent needs, and ends; for its cache.")
    private boolean train;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Agent()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (train) {
            Training.run();
            return 0;
        }
        try {
            lend();
            return 0;
        } catch (AgentException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private void lend() throws InterruptedException {
        var command = runnerCommand();
        RunnerLauncher.requireSetsid();
        var settings = new AgentSettings(
                gateway,
                name,
                priceUsdPerHour,
                required("--home", home),
                required("--token-file", tokenFile),
                AgentSettings.duration(orphanAfter));
        var log = new AgentLog(System.out, Clock.systemUTC(), name);
        try (var agentHome = AgentHome.open(settings.home(), UUID::randomUUID)) {
            lend(settings, agentHome, command, log);
        }
    }

    private RunnerCommand runnerCommand() {
        if (!runnerCommand.isEmpty()) {
            return order -> runnerCommand;
        }
        var distribution = RunnerDistribution.of(required("--runner-dist", runnerDistribution));
        distribution.jars();
        return distribution;
    }

    private static void lend(AgentSettings settings, AgentHome home, RunnerCommand command, AgentLog log)
            throws InterruptedException {
        var client = new GatewayClient(settings.gateway(), settings.tokenFile());
        var conversation = new Conversation(client);
        var launcher = new RunnerLauncher(command, home.cache(), BIND_ADDRESS);
        var parts = new AgentParts(
                new HostInventory(home.folder()),
                new Runners(home, launcher, log, conversation::changed),
                conversation,
                new LogSender(client),
                new Backoff(RandomGenerator.getDefault()));
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(conversation, ended), "end"));
        try {
            new AgentLoop(settings, home, parts, log, UUID.randomUUID()).run();
        } finally {
            ended.countDown();
        }
    }

    /** The process lives on until its runners have ended; they are killed after a while, so that it does end. */
    private static void end(Conversation conversation, CountDownLatch ended) {
        conversation.wantEnd();
        try {
            ended.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T required(String option, @Nullable T value) {
        return Optional.ofNullable(value)
                .orElseThrow(() -> new AgentException("The option " + option + " is missing. --help shows them all."));
    }
}
