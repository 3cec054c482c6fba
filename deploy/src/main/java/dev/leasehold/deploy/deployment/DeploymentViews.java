package dev.leasehold.deploy.deployment;

import dev.leasehold.deploy.deployment.DeploymentView.Status;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseState;
import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import dev.leasehold.deploy.lease.Progress;
import dev.leasehold.deploy.market.Offer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Says how deployments are, from what is wanted and the leases that serve it. */
final class DeploymentViews {
    private static final int PERCENT = 100;

    private DeploymentViews() {}

    static DeploymentView of(Deployment deployment, List<Lease> leases) {
        var status = status(deployment, leases);
        var shown = leases.stream()
                .filter(lease -> !(lease.state() instanceof Released))
                .map(DeploymentViews::replica)
                .toList();
        return new DeploymentView(
                deployment.name(),
                deployment.workload().model().id(),
                deployment.workload().model().task(),
                deployment.wantedReplicas(),
                status,
                message(status, leases),
                deployment.createdAt(),
                shown.stream().map(ReplicaView::priceUsdPerHour).reduce(BigDecimal.ZERO, BigDecimal::add),
                shown);
    }

    private static Status status(Deployment deployment, List<Lease> leases) {
        if (deployment.removedAt().isPresent()) {
            return Status.STOPPING;
        }
        long ready = leases.stream()
                .filter(lease -> lease.state() instanceof Serving && !lease.stopWanted())
                .count();
        if (ready >= deployment.wantedReplicas()) {
            return Status.SERVING;
        }
        if (ready > 0) {
            return Status.DEGRADED;
        }
        boolean hasOffers = leases.stream().noneMatch(lease -> whyNoOffer(lease).isPresent());
        return hasOffers ? Status.PENDING : Status.WAITING;
    }

    private static Optional<String> message(Status status, List<Lease> leases) {
        return switch (status) {
            case SERVING, STOPPING -> Optional.empty();
            case PENDING, DEGRADED, WAITING ->
                leases.stream()
                        .map(DeploymentViews::whyNoOffer)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .or(() -> DeploymentRules.failure(leases));
        };
    }

    private static Optional<String> whyNoOffer(Lease lease) {
        return lease.state() instanceof Wanted wanted && lease.isAlive() ? wanted.why() : Optional.empty();
    }

    static ReplicaView replica(Lease lease) {
        return new ReplicaView(
                lease.id(),
                lease.offer().map(Offer::provider).orElse(""),
                lease.state().kind(),
                stage(lease.state()),
                lease.mayBill() ? lease.offer().map(Offer::priceUsdPerHour).orElse(BigDecimal.ZERO) : BigDecimal.ZERO,
                lease.since());
    }

    private static String stage(LeaseState state) {
        return switch (state) {
            case Wanted wanted -> wanted.why().isPresent() ? "waiting for an offer" : "wanted";
            case Ordering _ -> "looking for an offer";
            case Accepting accepting -> "leasing from " + accepting.offer().provider();
            case Launching launching -> "launching on " + launching.offer().provider();
            case Warming warming -> progress(warming.progress());
            case Serving _ -> "serving";
            case Suspect _ -> "not answering";
            case Draining _ -> "draining";
            case Closing _ -> "releasing";
            case Released _ -> "released";
        };
    }

    private static String progress(Progress progress) {
        long percent = Math.round(Math.floor(progress.fraction() * PERCENT));
        return switch (progress.stage()) {
            case CONNECTING -> "connecting to the runner";
            case PUSHING -> "pushing the model " + percent + " %";
            case LOADING -> "loading " + percent + " %";
            case TESTING -> "testing";
        };
    }
}
