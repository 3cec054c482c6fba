package dev.leasehold.gateway.routing;

import dev.leasehold.deploy.deployment.Route;
import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.market.LeaseId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What this gateway knows of the replicas by itself: how busy it keeps them, and which have just failed it. */
public final class Replicas {
    /** For so long others are preferred; by then the control plane has had its own look. */
    private static final Duration AVOIDED = Duration.ofSeconds(2);

    private final ConcurrentMap<LeaseId, Known> known = new ConcurrentHashMap<>();
    private final RandomGenerator random;

    /** @param random is safe for use by many threads */
    public Replicas(RandomGenerator random) {
        this.random = random;
    }

    private static final class Known {
        private final AtomicInteger running = new AtomicInteger();
        private volatile long avoidedUntil = System.nanoTime();

        private boolean isAvoided() {
            return avoidedUntil - System.nanoTime() > 0;
        }
    }

    /** A request that a replica is answering, until it is closed. */
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** The replica that shall answer next, none of those that were tried already. */
    public Optional<Target> pick(Route route, Set<LeaseId> tried) {
        var untried = route.targets().stream()
                .filter(target -> !tried.contains(target.lease()))
                .toList();
        return RoutingRules.pick(
                untried,
                target -> of(target.lease()).isAvoided(),
                target -> of(target.lease()).running.get(),
                random);
    }

    public Turn begin(Target target) {
        var replica = of(target.lease());
        replica.running.incrementAndGet();
        return replica.running::decrementAndGet;
    }

    /** Says that a replica could not be reached or broke off. */
    public void failed(Target target) {
        of(target.lease()).avoidedUntil = System.nanoTime() + AVOIDED.toNanos();
    }

    /** Forgets what no route leads to any more. */
    public void keepOnly(Collection<Route> routes) {
        Set<LeaseId> served = routes.stream()
                .map(Route::targets)
                .flatMap(List::stream)
                .map(Target::lease)
                .collect(Collectors.toSet());
        known.keySet().removeIf(lease -> !served.contains(lease));
    }

    private Known of(LeaseId lease) {
        return known.computeIfAbsent(lease, _ -> new Known());
    }
}
