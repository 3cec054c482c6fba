package dev.leasehold.gateway.console;

import dev.leasehold.deploy.api.DeploymentFeed.News;
import dev.leasehold.deploy.deployment.DeploymentView;
import dev.leasehold.deploy.deployment.ReplicaView;
import dev.leasehold.deploy.market.MarketException;
import dev.leasehold.deploy.offer.Capacities;
import dev.leasehold.deploy.offer.Capacity;
import dev.leasehold.gateway.console.StatusView.Deployment;
import dev.leasehold.gateway.console.StatusView.Host;
import dev.leasehold.gateway.console.StatusView.Replica;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Puts what is known of deployments and hosts into words. */
final class StatusBoard {
    private static final Duration HOSTS_AGE_MAX = Duration.ofSeconds(2);
    private static final int CENTS = 2;

    private final Capacities capacities;
    private final CurlLines curl;
    private List<Host> hosts = List.of();
    private long hostsReadNanos = System.nanoTime() - HOSTS_AGE_MAX.toNanos();

    StatusBoard(Capacities capacities, CurlLines curl) {
        this.capacities = capacities;
        this.curl = curl;
    }

    StatusView view(News news) {
        var total = news.deployments().stream()
                .map(DeploymentView::priceUsdPerHour)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return new StatusView(
                true,
                news.isCurrent(),
                news.isCurrent() ? hosts() : lastHosts(),
                dollars(total),
                news.deployments().stream().map(this::deployment).toList());
    }

    /** Read once for all who look at the page. */
    private synchronized List<Host> hosts() {
        if (System.nanoTime() - hostsReadNanos >= HOSTS_AGE_MAX.toNanos()) {
            try {
                hosts = capacities.all().stream().map(StatusBoard::host).toList();
            } catch (DataAccessException | TransactionException | MarketException _) {
                // The feed of deployments finds that out, too, and tells it; until then these stay.
            }
            hostsReadNanos = System.nanoTime();
        }
        return hosts;
    }

    private synchronized List<Host> lastHosts() {
        return hosts;
    }

    private static Host host(Capacity capacity) {
        return new Host(capacity.provider(), dollars(capacity.priceUsdPerHour()), gibibytes(capacity.memoryBytes()));
    }

    private Deployment deployment(DeploymentView view) {
        boolean isLeaving = view.status() == DeploymentView.Status.STOPPING;
        boolean isServing = !isLeaving && view.readyReplicas() > 0;
        return new Deployment(
                view.name(),
                id(view.name()),
                view.model(),
                view.task().name().toLowerCase(Locale.ROOT),
                state(view.status()),
                tone(view.status()),
                view.message().orElse(""),
                view.readyReplicas() + " of " + view.wantedReplicas() + " ready",
                dollars(view.priceUsdPerHour()),
                isServing,
                isLeaving,
                isServing ? curl.of(view.task(), view.name()) : "",
                view.replicas().stream().map(StatusBoard::replica).toList());
    }

    /** Names have no capitals, so that one of them can stand for the dot, which means something else in a selector. */
    private static String id(String name) {
        return "deployment-" + name.replace('.', 'D');
    }

    private static String state(DeploymentView.Status status) {
        return switch (status) {
            case PENDING -> "Starting";
            case SERVING -> "Serving";
            case DEGRADED -> "Serving with fewer replicas";
            case STOPPING -> "Being removed";
            case WAITING -> "Waiting for capacity";
        };
    }

    private static String tone(DeploymentView.Status status) {
        return switch (status) {
            case PENDING -> "busy";
            case SERVING -> "good";
            case DEGRADED, WAITING -> "warn";
            case STOPPING -> "quiet";
        };
    }

    private static Replica replica(ReplicaView view) {
        return new Replica(
                view.provider().isEmpty() ? "no provider yet" : view.provider(),
                view.state(),
                view.stage(),
                tone(view.state()),
                dollars(view.priceUsdPerHour()),
                view.since().toString());
    }

    private static String tone(String leaseState) {
        return switch (leaseState) {
            case "Serving" -> "good";
            case "Suspect" -> "warn";
            case "Draining", "Closing" -> "quiet";
            default -> "busy";
        };
    }

    /** With as many decimals as it needs, and at least cents. */
    private static String dollars(BigDecimal price) {
        var shortest = price.stripTrailingZeros();
        return "$" + (shortest.scale() < CENTS ? shortest.setScale(CENTS) : shortest).toPlainString();
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }
}
