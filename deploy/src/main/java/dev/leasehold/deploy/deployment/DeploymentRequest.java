package dev.leasehold.deploy.deployment;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a user wants to have deployed.
 *
 * @param model an id of the catalog, or a folder
 * @param name what clients will call it; else the model's id
 */
public record DeploymentRequest(
        String model,
        Optional<String> name,
        int replicas,
        Optional<BigDecimal> priceMaxUsdPerHour,
        Optional<Integer> contextLength) {}
