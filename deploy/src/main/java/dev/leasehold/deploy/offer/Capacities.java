package dev.leasehold.deploy.offer;

import java.util.List;

/** Knows what could ever be leased. */
@FunctionalInterface
public interface Capacities {
    /** What the providers that we know of have; empty while none has registered. */
    List<Capacity> all();
}
