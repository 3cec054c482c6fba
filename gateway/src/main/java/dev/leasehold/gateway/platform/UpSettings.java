package dev.leasehold.gateway.platform;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the person who starts the platform may choose.
 *
 * @param repository where the programs were built
 * @param address where the OpenAI API listens
 * @param keep whether leases outlive the platform
 * @param database a database of the user's; without it we run our own
 * @param agentPriceUsdPerHour what this machine costs on the fleet market
 */
public record UpSettings(
        Home home,
        Path repository,
        String address,
        int port,
        int consolePort,
        boolean keep,
        Optional<Database> database,
        BigDecimal agentPriceUsdPerHour) {
    static final String LOOPBACK = "127.0.0.1";

    /** The URL of the OpenAI API for a client on this machine, without {@code /v1}. */
    public String apiUrl() {
        var anywhere = address.equals("0.0.0.0") || address.equals("::");
        if (anywhere) {
            return "http://" + LOOPBACK + ":" + port;
        }
        var host = address.contains(":") ? "[" + address + "]" : address;
        return "http://" + host + ":" + port;
    }

    public String consoleUrl() {
        return "http://" + LOOPBACK + ":" + consolePort;
    }
}
