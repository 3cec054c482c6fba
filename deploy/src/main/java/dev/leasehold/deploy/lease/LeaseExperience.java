package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.offer.OfferRules.Experience;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a deployment's other leases tell about providers. */
final class LeaseExperience {
    /** A provider that failed is taken last for so long. */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private final LeaseRepository leases;
    private final Clock clock;

    LeaseExperience(LeaseRepository leases, Clock clock) {
        this.leases = leases;
        this.clock = clock;
    }

    Experience of(String deployment, LeaseId except) {
        var since = clock.instant().minus(REMEMBERED);
        // One that ended just now may have been made long ago.
        var others = leases.of(deployment, Instant.EPOCH).stream()
                .filter(lease -> !lease.id().equals(except))
                .toList();
        return new Experience(
                others.stream()
                        .filter(Lease::isAlive)
                        .map(Lease::offer)
                        .flatMap(Optional::stream)
                        .map(Offer::provider)
                        .toList(),
                others.stream()
                        .filter(lease -> hasFailedSince(lease, since))
                        .map(Lease::offer)
                        .flatMap(Optional::stream)
                        .map(Offer::provider)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static boolean hasFailedSince(Lease lease, Instant since) {
        return lease.end().filter(end -> end.reason() != Reason.STOPPED).isPresent()
                && lease.endedAt().filter(ended -> ended.isAfter(since)).isPresent();
    }
}
