package dev.leasehold.deploy.api;

import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.market.Offer;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** The leases that are not released. */
@RestController
public class LeaseController {
    private final LeaseRepository leases;

    public LeaseController(LeaseRepository leases) {
        this.leases = leases;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record LeaseJson(
            String lease,
            String deployment,
            @Nullable String market,
            @Nullable String provider,
            String state,
            boolean bills,
            @Nullable BigDecimal priceUsdPerHour,
            @Nullable String endReason,
            @Nullable String endDetail,
            Instant createdAt,
            Instant since) {
        static LeaseJson of(Lease lease) {
            return new LeaseJson(
                    lease.id().toString(),
                    lease.deployment(),
                    lease.offer().map(Offer::market).orElse(null),
                    lease.offer().map(Offer::provider).orElse(null),
                    lease.state().kind(),
                    lease.mayBill(),
                    lease.offer().map(Offer::priceUsdPerHour).orElse(null),
                    lease.end().map(end -> end.reason().name()).orElse(null),
                    lease.end().map(End::detail).orElse(null),
                    lease.createdAt(),
                    lease.since());
        }
    }

    @GetMapping("/api/leases")
    ListJson<LeaseJson> list() {
        return new ListJson<>(leases.unreleased().stream().map(LeaseJson::of).toList());
    }
}
