package dev.leasehold.deploy.deployment;

import dev.leasehold.deploy.deployment.DeploymentCommand.Forget;
import dev.leasehold.deploy.deployment.DeploymentCommand.RequestLease;
import dev.leasehold.deploy.deployment.DeploymentCommand.StopLease;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.lease.Outage;
import dev.leasehold.deploy.market.LeaseId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** Gives every deployment the leases that it wants. */
public final class DeploymentWorker {
    private static final Logger log = LoggerFactory.getLogger(DeploymentWorker.class);
    private static final Duration ROUND_MAX = Duration.ofSeconds(1);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private final DeploymentRepository deployments;
    private final LeaseRepository leases;
    private final TransactionOperations transactions;
    private final Clock clock;
    private final Supplier<LeaseId> ids;
    private final Semaphore wakes = new Semaphore(0);
    private final Outage outage = new Outage(log, "Deployments cannot be worked: the database does not answer.");
    private volatile boolean running;
    private @Nullable Thread thread;

    public DeploymentWorker(
            DeploymentRepository deployments,
            LeaseRepository leases,
            TransactionOperations transactions,
            Clock clock,
            Supplier<LeaseId> ids) {
        this.deployments = deployments;
        this.leases = leases;
        this.transactions = transactions;
        this.clock = clock;
        this.ids = ids;
    }

    public synchronized void start() {
        if (thread == null) {
            running = true;
            thread = Thread.ofVirtual().name("deployment-worker").start(this::work);
        }
    }

    /** Something may have changed: look now. */
    public void wake() {
        if (wakes.availablePermits() == 0) {
            wakes.release();
        }
    }

    /** After this no lease is requested or stopped any more. */
    public synchronized void stop() throws InterruptedException {
        var stopped = thread;
        if (stopped != null) {
            running = false;
            wake();
            stopped.join(STOP_MAX);
            thread = null;
        }
    }

    private void work() {
        while (running) {
            try {
                round();
                outage.over();
                pause(ROUND_MAX);
            } catch (DataAccessException | TransactionException e) {
                outage.goesOn(e);
                pause(outage.wait(ROUND_MAX));
            } catch (RuntimeException e) {
                log.error("Working the deployments failed unexpectedly.", e);
                pause(ROUND_MAX);
            }
        }
    }

    private void pause(Duration max) {
        try {
            if (wakes.tryAcquire(max.toMillis(), TimeUnit.MILLISECONDS)) {
                wakes.drainPermits();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    /** Looks at every deployment; one where something is to be done is locked and looked at again. */
    void round() {
        for (var deployment : deployments.all()) {
            if (running && !commands(deployment).isEmpty()) {
                transactions.executeWithoutResult(
                        _ -> deployments.lock(deployment.name()).ifPresent(this::carryOut));
            }
        }
    }

    private List<DeploymentCommand> commands(Deployment deployment) {
        return DeploymentRules.step(deployment, leases.of(deployment.name(), deployment.createdAt()), clock.instant());
    }

    private void carryOut(Deployment deployment) {
        for (var command : commands(deployment)) {
            switch (command) {
                case RequestLease _ -> leases.want(ids.get(), deployment.terms(), clock.instant());
                case StopLease(var lease) -> leases.stop(List.of(lease));
                case Forget _ -> deployments.delete(deployment.name());
            }
        }
    }
}
