package dev.leasehold.gateway.routing;

import dev.leasehold.deploy.deployment.Route.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/** Which replica gets a request. Pure. */
public final class RoutingRules {
    private RoutingRules() {}

    /**
     * The less busy of two that are picked at random, so that gateways which know nothing of each other do not all run
     * to the same one. Those that failed lately are taken only if no other is left.
     *
     * @param busy how many requests a target is answering
     * @see <a href="https://doi.org/10.1109/71.963420">Mitzenmacher, The Power of Two Choices in Randomized Load
     *     Balancing (2001)</a>
     */
    static Optional<Target> pick(
            List<Target> targets, Predicate<Target> failedLately, ToIntFunction<Target> busy, RandomGenerator random) {
        var healthy = targets.stream().filter(failedLately.negate()).toList();
        var candidates = healthy.isEmpty() ? targets : healthy;
        return switch (candidates.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(candidates.getFirst());
            default -> {
                int first = random.nextInt(candidates.size());
                int other = (first + 1 + random.nextInt(candidates.size() - 1)) % candidates.size();
                var one = candidates.get(first);
                var two = candidates.get(other);
                yield Optional.of(busy.applyAsInt(two) < busy.applyAsInt(one) ? two : one);
            }
        };
    }
}
