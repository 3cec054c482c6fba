package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.fleet.FleetLease.Observed;
import dev.leasehold.deploy.market.fleet.FleetLease.Sight;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses what agents may not say, and reads the rest. */
final class AgentChecks {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final BigDecimal PRICE_MAX_USD_PER_HOUR = BigDecimal.valueOf(10_000);
    private static final int TEXT_CHARS_MAX = 255;
    private static final int CORES_MAX = 4_096;
    private static final int GPUS_MAX = 64;
    private static final int LEASES_MAX = 256;
    private static final int TAIL_LINES_MAX = 50;
    private static final int TAIL_CHARS_MAX = 500;
    private static final int PORT_MAX = 65_535;

    private AgentChecks() {}

    static FleetAgent agent(AgentWire.Register message, Instant now) {
        var name = required("name", message.name());
        require(NAME.matcher(name).matches(), "name", "is 1 to 63 lower-case letters, digits, '.', '_' or '-'");
        var price = required("price_usd_per_hour", message.priceUsdPerHour());
        require(
                price.signum() >= 0 && price.compareTo(PRICE_MAX_USD_PER_HOUR) <= 0,
                "price_usd_per_hour",
                "is at least 0 and at most " + PRICE_MAX_USD_PER_HOUR);
        var host = required("host", message.host());
        return new FleetAgent(
                required("agent", message.agent()),
                required("boot", message.boot()),
                name,
                text("version", message.version()),
                price,
                reachHost(required("reach", message.reach())),
                host(host),
                bytes("host.memory_available_bytes", host.memoryAvailableBytes()),
                now,
                false,
                0);
    }

    private static String reachHost(AgentWire.Reach reach) {
        require("direct".equals(reach.kind()), "reach.kind", "is 'direct', the only kind that this gateway knows");
        return text("reach.host", reach.host());
    }

    private static FleetHost host(AgentWire.Host host) {
        require(host.cores() >= 1 && host.cores() <= CORES_MAX, "host.cores", "is 1 to " + CORES_MAX);
        List<FleetHost.Gpu> gpus = Optional.ofNullable(host.gpus()).orElse(List.of());
        require(gpus.size() <= GPUS_MAX, "host.gpus", "has at most " + GPUS_MAX + " entries");
        var memory = bytes("host.memory_bytes", host.memoryBytes());
        return new FleetHost(text("host.hostname", host.hostname()), host.cores(), memory, gpus);
    }

    static Map<LeaseId, Sight> reports(@Nullable List<AgentWire.LeaseReport> leases) {
        List<AgentWire.LeaseReport> given = Optional.ofNullable(leases).orElse(List.of());
        require(given.size() <= LEASES_MAX, "leases", "has at most " + LEASES_MAX + " entries");
        var sights = new HashMap<LeaseId, Sight>();
        for (var report : given) {
            sights.put(new LeaseId(required("leases.lease", report.lease())), sight(report));
        }
        return sights;
    }

    private static Sight sight(AgentWire.LeaseReport report) {
        var port = Optional.ofNullable(report.port());
        require(port.filter(p -> p < 1 || p > PORT_MAX).isEmpty(), "leases.port", "is 1 to " + PORT_MAX);
        return new Sight(
                observed(required("leases.state", report.state())),
                Optional.ofNullable(report.host()).map(host -> text("leases.host", host)),
                port,
                Optional.ofNullable(report.exitCode()),
                tail(Optional.ofNullable(report.logTail()).orElse(List.of())));
    }

    private static Observed observed(String state) {
        return switch (state) {
            case "starting" -> Observed.STARTING;
            case "running" -> Observed.RUNNING;
            case "stopping" -> Observed.STOPPING;
            case "exited" -> Observed.EXITED;
            default ->
                throw Refusal.invalid("leases.state", "'leases.state' is starting, running, stopping or exited.");
        };
    }

    /** PostgreSQL's text holds no NUL. */
    private static List<String> tail(List<String> lines) {
        return lines.stream()
                .skip(Math.max(0, lines.size() - TAIL_LINES_MAX))
                .map(line -> line.replace('\0', ' '))
                .map(line -> line.length() > TAIL_CHARS_MAX ? line.substring(0, TAIL_CHARS_MAX) : line)
                .toList();
    }

    static long bytes(String param, long value) {
        require(value >= 0, param, "is a number of bytes, at least 0");
        return value;
    }

    static <T> T required(String param, @Nullable T value) {
        if (value == null) {
            throw Refusal.invalid(param, "'" + param + "' is missing.");
        }
        return value;
    }

    private static String text(String param, @Nullable String value) {
        var given = required(param, value);
        require(
                !given.isBlank() && given.length() <= TEXT_CHARS_MAX && given.indexOf('\0') < 0,
                param,
                "is 1 to " + TEXT_CHARS_MAX + " characters");
        return given;
    }

    private static void require(boolean holds, String param, String rule) {
        if (!holds) {
            throw Refusal.invalid(param, "'" + param + "' " + rule + ".");
        }
    }
}
