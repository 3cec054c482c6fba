package dev.leasehold.deploy.agent;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How an agent was started.
 *
 * @param home where it keeps its identity and a folder for each lease; absolute
 * @param silenceMax how long it keeps its runners without a gateway
 */
record AgentSettings(
        URI gateway, String name, BigDecimal priceUsdPerHour, Path home, Path tokenFile, Duration silenceMax) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    AgentSettings {
        require(
                ("http".equals(gateway.getScheme()) || "https".equals(gateway.getScheme()))
                        && gateway.getHost() != null,
                "'" + gateway + "' is not a URL such as http://127.0.0.1:8080. Give --gateway one.");
        require(
                NAME.matcher(name).matches(),
                "The name '" + name + "' must be of lower-case letters, digits, '.', '_' and '-'.");
        require(priceUsdPerHour.signum() >= 0, "The price must not be negative.");
        require(silenceMax.isPositive(), "--orphan-after must be longer than nothing.");
        home = home.toAbsolutePath().normalize();
    }

    /** Reads durations such as 90s, 30m and 1h. */
    static Duration duration(String text) {
        try {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        } catch (java.time.format.DateTimeParseException e) {
            throw new AgentException("'" + text + "' is not a duration such as 90s, 30m or 1h.", e);
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new AgentException(sentence);
        }
    }
}
