package dev.leasehold.deploy.lease;

import java.util.concurrent.Semaphore;

/**
 * What all keepers of a control plane share.
 *
 * @param turns bounds the calls to markets that are under way
 */
record LeaseShop(MarketCalls calls, RunnerTools tools, Semaphore turns) {}
