package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.LeaseId;
import java.time.Duration;

/**
 * A lease that a worker has claimed.
 *
 * @param gap how long nobody worked it before
 */
record StoredLease(LeaseId id, long version, LeaseTerms terms, LeaseState state, Duration gap) {}
