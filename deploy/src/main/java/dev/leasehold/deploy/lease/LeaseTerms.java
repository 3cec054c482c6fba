package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.Order;
import dev.leasehold.deploy.runner.Workload;

/** What a lease is for. Fixed when it is wanted. */
public record LeaseTerms(String deployment, Order order, Workload workload) {}
