package dev.leasehold.deploy.deployment;

import dev.leasehold.deploy.deployment.DeploymentCommand.Forget;
import dev.leasehold.deploy.deployment.DeploymentCommand.RequestLease;
import dev.leasehold.deploy.deployment.DeploymentCommand.StopLease;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules of a deployment. Pure: wanted replicas and the leases there are in, commands out. Nothing is remembered, so
 * a command that was lost is simply given again.
 *
 * <p>Leases are requested one at a time: the next one knows the provider of the one before, and takes another.
 */
public final class DeploymentRules {
    /** Serving for less is no success: the next lease waits as if this one had never served. */
    static final Duration SERVED_MIN = Duration.ofMinutes(1);

    private static final Duration BACKOFF_MIN = Duration.ofSeconds(1);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(60);
    private static final int DOUBLINGS_MAX = 6;

    private DeploymentRules() {}

    /** What is to be done now. {@code leases} are those of this deployment, the oldest first. */
    static List<DeploymentCommand> step(Deployment deployment, List<Lease> leases, Instant now) {
        return deployment.removedAt().isPresent() ? end(leases) : keep(deployment, leases, now);
    }

    private static List<DeploymentCommand> end(List<Lease> leases) {
        if (leases.stream().allMatch(lease -> lease.state() instanceof Released)) {
            return List.of(new Forget());
        }
        return leases.stream()
                .filter(Lease::isAlive)
                .<DeploymentCommand>map(lease -> new StopLease(lease.id()))
                .toList();
    }

    private static List<DeploymentCommand> keep(Deployment deployment, List<Lease> leases, Instant now) {
        var alive = leases.stream().filter(Lease::isAlive).toList();
        int missing = deployment.wantedReplicas() - alive.size();
        if (missing < 0) {
            return surplus(alive, -missing);
        }
        boolean oneIsChoosing = alive.stream().anyMatch(DeploymentRules::isChoosing);
        if (missing == 0 || oneIsChoosing || now.isBefore(retryAt(leases))) {
            return List.of();
        }
        return List.of(new RequestLease());
    }

    private static boolean isChoosing(Lease lease) {
        return lease.state() instanceof Wanted || lease.state() instanceof Ordering;
    }

    /** The furthest from serving go first, of those the newest. */
    private static List<DeploymentCommand> surplus(List<Lease> alive, int count) {
        return alive.stream()
                .sorted(Comparator.comparingInt(DeploymentRules::worth)
                        .thenComparing(Comparator.comparing(Lease::createdAt).reversed()))
                .limit(count)
                .<DeploymentCommand>map(lease -> new StopLease(lease.id()))
                .toList();
    }

    private static int worth(Lease lease) {
        return switch (lease.state()) {
            case Draining _, Closing _, Released _ -> 0;
            case Wanted _, Ordering _ -> 1;
            case Accepting _, Launching _ -> 2;
            case Suspect _ -> 3;
            case Warming _ -> 4;
            case Serving _ -> 5;
        };
    }

    /** When the next lease may be requested: later with each that failed in a row. */
    static Instant retryAt(List<Lease> leases) {
        var failed = failedInARow(leases);
        if (failed.isEmpty()) {
            return Instant.MIN;
        }
        int doublings = Math.min(failed.size() - 1, DOUBLINGS_MAX);
        var wait = BACKOFF_MIN.multipliedBy(1L << doublings);
        return endOf(failed.getFirst()).plus(wait.compareTo(BACKOFF_MAX) > 0 ? BACKOFF_MAX : wait);
    }

    /** Why the newest lease failed, if nothing has worked since. */
    static Optional<String> failure(List<Lease> leases) {
        return failedInARow(leases).stream()
                .findFirst()
                .flatMap(Lease::end)
                .map(End::detail)
                .filter(detail -> !detail.isBlank());
    }

    /** The leases that ended badly since the last one that worked, the one that ended last first. */
    private static List<Lease> failedInARow(List<Lease> leases) {
        return lastFirst(leases).takeWhile(DeploymentRules::hasFailed).toList();
    }

    private static Stream<Lease> lastFirst(List<Lease> leases) {
        return leases.stream()
                .filter(lease -> hasFailed(lease) || servedLong(lease))
                .sorted(Comparator.comparing(DeploymentRules::endOf).reversed());
    }

    private static boolean hasFailed(Lease lease) {
        return lease.end().filter(end -> end.reason() != Reason.STOPPED).isPresent() && !servedLong(lease);
    }

    private static boolean servedLong(Lease lease) {
        return lease.servedAt()
                .flatMap(served -> lease.endedAt().map(ended -> Duration.between(served, ended)))
                .filter(served -> served.compareTo(SERVED_MIN) >= 0)
                .isPresent();
    }

    private static Instant endOf(Lease lease) {
        return lease.endedAt().orElse(lease.since());
    }
}
