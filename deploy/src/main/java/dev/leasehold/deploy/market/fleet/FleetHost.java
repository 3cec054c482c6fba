package dev.leasehold.deploy.market.fleet;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** What a lent host has. */
@JsonNaming(SnakeCaseStrategy.class)
public record FleetHost(String hostname, int cores, long memoryBytes, List<Gpu> gpus) {
    public FleetHost {
        gpus = List.copyOf(gpus);
    }

    /** An accelerator as its driver names it. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Gpu(String name, long memoryBytes, String driver) {}
}
