package dev.leasehold.deploy.deployment;

import dev.leasehold.deploy.market.LeaseId;

/** What a deployment wants done now. */
sealed interface DeploymentCommand {
    /** One more lease. */
    record RequestLease() implements DeploymentCommand {}

    record StopLease(LeaseId lease) implements DeploymentCommand {}

    /** Nothing of the deployment is left but its row. */
    record Forget() implements DeploymentCommand {}
}
