package dev.leasehold.deploy.lease;

import dev.leasehold.catalog.artifact.Artifact;
import dev.leasehold.catalog.model.Model;
import dev.leasehold.catalog.model.Task;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.market.Order;
import dev.leasehold.deploy.runner.Address;
import dev.leasehold.deploy.runner.Pin;
import dev.leasehold.deploy.runner.Workload;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Things that tests of leases need and do not care about. */
public final class LeaseSamples {
    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    public static final Offer OFFER = new Offer("fake", "alpha", "offer-1", new BigDecimal("0.10"), 8_000_000_000L, 4);
    public static final Pin PIN = new Pin(new Address("127.0.0.1", 8443), "boot-1", "ab".repeat(32));
    public static final Model MODEL = new Model(
            "tiny",
            Task.CHAT,
            "Tiny",
            "A model for tests.",
            "Apache-2.0",
            URI.create("file:/models/tiny"),
            false,
            false,
            2048);
    public static final Workload WORKLOAD = workload("tiny");

    private LeaseSamples() {}

    public static Workload workload(String name) {
        return new Workload(
                name, MODEL, 2048, 8, List.of(new Workload.File("config.json", new Artifact("cd".repeat(32), 412))));
    }

    public static LeaseTerms terms(String deployment) {
        return new LeaseTerms(deployment, new Order(1_000_000_000, Optional.empty(), Set.of()), workload(deployment));
    }
}
