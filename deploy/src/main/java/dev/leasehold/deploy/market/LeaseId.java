package dev.leasehold.deploy.market;

import java.util.UUID;

/** Our name for a lease, and the request key by which a market knows it: two creates with one id are one lease. */
public record LeaseId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
