package dev.leasehold.gateway.platform;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An agent that shall lend this machine.
 *
 * @param repository where the programs were built
 */
public record AgentSettings(
        Home home, Path repository, String gatewayUrl, String name, BigDecimal priceUsdPerHour, Path tokenFile) {
    private static final String MAIN = "dev.leasehold.deploy.agent.Agent";
    private static final String MEMORY_MAX = "96m";

    Path agentHome() {
        return home.agent(name);
    }

    /** Whether a running agent is just the one that these settings would start. */
    boolean isOf(HomeProcesses.Found found) {
        return found.hasOption("--home", agentHome().toString())
                && found.hasOption("--gateway", gatewayUrl)
                && found.hasOption("--price", priceUsdPerHour.toPlainString())
                && found.hasOption("--token-file", tokenFile.toString());
    }

    List<String> command() {
        var command = new ArrayList<>(Distribution.agent(repository).java(MEMORY_MAX, MAIN));
        command.addAll(List.of("--gateway", gatewayUrl));
        command.addAll(List.of("--name", name));
        command.addAll(List.of("--price", priceUsdPerHour.toPlainString()));
        command.addAll(List.of("--home", agentHome().toString()));
        command.addAll(List.of("--token-file", tokenFile.toString()));
        command.addAll(List.of(
                "--runner-dist", Distribution.runner(repository).folder().toString()));
        return List.copyOf(command);
    }
}
