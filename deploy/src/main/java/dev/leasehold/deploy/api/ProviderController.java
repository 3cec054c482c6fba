package dev.leasehold.deploy.api;

import dev.leasehold.deploy.market.fleet.FleetHost;
import dev.leasehold.deploy.market.fleet.FleetMarket;
import dev.leasehold.deploy.market.fleet.FleetProvider;
import java.math.BigDecimal;
import java.time.Instant;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** Who offers capacity. */
@RestController
public class ProviderController {
    private final FleetMarket fleet;

    public ProviderController(FleetMarket fleet) {
        this.fleet = fleet;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record ProviderJson(
            String market,
            String provider,
            boolean live,
            Instant heardAt,
            BigDecimal priceUsdPerHour,
            FleetHost host,
            long memoryFreeBytes,
            int leases) {
        static ProviderJson of(FleetProvider provider) {
            return new ProviderJson(
                    FleetMarket.NAME,
                    provider.name(),
                    provider.live(),
                    provider.heardAt(),
                    provider.priceUsdPerHour(),
                    provider.host(),
                    provider.memoryFreeBytes(),
                    provider.leases());
        }
    }

    @GetMapping("/api/providers")
    ListJson<ProviderJson> list() {
        return new ListJson<>(fleet.providers().stream().map(ProviderJson::of).toList());
    }
}
