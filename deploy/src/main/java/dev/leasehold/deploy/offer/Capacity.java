package dev.leasehold.deploy.offer;

import java.math.BigDecimal;

/**
 * What a provider could lease at most, were nothing leased there yet.
 *
 * @param memoryBytes all that one lease could have there
 */
public record Capacity(String market, String provider, BigDecimal priceUsdPerHour, long memoryBytes) {}
