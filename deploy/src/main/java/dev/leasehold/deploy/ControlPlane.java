package dev.leasehold.deploy;

import dev.leasehold.deploy.deployment.DeploymentWorker;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseBell;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.lease.LeaseWorker;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Offer;
import java.math.BigDecimal;
import java.util.List;

/** Everything that works deployments and leases. Whoever runs the process starts and stops it. */
public final class ControlPlane {
    private final LeaseBell bell;
    private final DeploymentWorker deployments;
    private final LeaseWorker leases;
    private final SweepWorker sweep;
    private final LeaseRepository repository;

    ControlPlane(
            LeaseBell bell,
            DeploymentWorker deployments,
            LeaseWorker leases,
            SweepWorker sweep,
            LeaseRepository repository) {
        this.bell = bell;
        this.deployments = deployments;
        this.leases = leases;
        this.sweep = sweep;
        this.repository = repository;
    }

    /** What a lease bills. */
    public record Billing(String provider, LeaseId lease, BigDecimal priceUsdPerHour) {}

    /** Starts all workers; they wait for the database by themselves. Repeatable. */
    public synchronized void start() {
        bell.onRing(deployments::wake);
        bell.onRing(leases::wake);
        bell.start();
        deployments.start();
        leases.start();
        sweep.start();
    }

    /** Leases nothing more, and has every lease drained and released; {@link #allReleased} tells when that is done. */
    public synchronized void releaseAll() throws InterruptedException {
        deployments.stop();
        repository.stopAll();
        leases.wake();
    }

    /** Whether the markets have said of every lease that nothing bills. */
    public boolean allReleased() {
        return repository.unreleased().isEmpty();
    }

    /** What may bill now. */
    public List<Billing> billing() {
        return repository.unreleased().stream()
                .filter(Lease::mayBill)
                .flatMap(lease -> lease.offer().stream().map(offer -> billing(lease, offer)))
                .toList();
    }

    private static Billing billing(Lease lease, Offer offer) {
        return new Billing(offer.provider(), lease.id(), offer.priceUsdPerHour());
    }

    /** Stops all workers. Leases and runners stay as they are, for the next start. Repeatable. */
    public synchronized void stop() throws InterruptedException {
        deployments.stop();
        sweep.stop();
        leases.stop();
        bell.stop();
    }
}
