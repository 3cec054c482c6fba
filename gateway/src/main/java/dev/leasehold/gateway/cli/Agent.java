package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.AgentSettings;
import dev.leasehold.gateway.platform.ForegroundAgent;
import dev.leasehold.gateway.platform.Instance;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leasehold agent}. */
@Command(
        name = "agent",
        description = "Lends this machine to Leasehold under a name of its own, until Ctrl-C.",
        footer = {
            "",
            "Example: ./leasehold agent --name b --price 0.12",
            "",
            "Exit codes: 0 left in order, 1 failed, 2 usage, 3 no gateway there."
        })
final class Agent implements Callable<Integer> {
    private static final String DEFAULT_GATEWAY = "http://127.0.0.1:8080";
    private static final int CONNECT_MS_MAX = 3_000;

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--name", required = true, paramLabel = "N", description = "What the market shall call it.")
    private String name = "";

    @Option(names = "--price", paramLabel = "USD", description = "Dollars an hour (default: ${DEFAULT-VALUE}).")
    private BigDecimal priceUsdPerHour = new BigDecimal("0.10");

    @Option(names = "--gateway", paramLabel = "URL", description = "Where Leasehold is (default: the one of the home).")
    private @Nullable String gatewayUrl;

    @Option(names = "--token-file", paramLabel = "FILE", description = "The join token (default: the one of the home).")
    private @Nullable Path tokenFile;

    @Override
    public Integer call() throws InterruptedException {
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
            throw CommandException.usage(
                    "The name '" + name + "' must be of lower-case letters, digits, '.', '_' and '-'.");
        }
        if (priceUsdPerHour.signum() < 0) {
            throw CommandException.usage("The price must not be negative.");
        }
        var url = Optional.ofNullable(gatewayUrl)
                .or(() -> Instance.of(home.home()).filter(Instance::isRunning).map(Instance::apiUrl))
                .orElse(DEFAULT_GATEWAY);
        requireGateway(url);
        var token = Optional.ofNullable(tokenFile).orElse(home.home().joinToken());
        if (!Files.isReadable(token)) {
            throw CommandException.failed("The join token " + token
                    + " cannot be read. Copy the file join-token of the gateway's home here, and name it with"
                    + " --token-file.");
        }
        var settings = new AgentSettings(home.home(), home.repository(), url, name, priceUsdPerHour, token);
        return ForegroundAgent.run(settings);
    }

    private static void requireGateway(String url) {
        if (!url.matches("https?://[^/:]+(:[0-9]{1,5})?/?")) {
            throw CommandException.usage("'" + url + "' is not a URL such as " + DEFAULT_GATEWAY + ".");
        }
        try (var socket = new Socket()) {
            var gateway = URI.create(url).toURL();
            var port = gateway.getPort() >= 0 ? gateway.getPort() : gateway.getDefaultPort();
            socket.connect(new InetSocketAddress(gateway.getHost(), port), CONNECT_MS_MAX);
        } catch (IOException _) {
            throw new CommandException(
                    ExitCode.NOT_RUNNING,
                    "No gateway answers at " + url + ". Start it with ./leasehold up, or name one with --gateway.");
        }
    }
}
