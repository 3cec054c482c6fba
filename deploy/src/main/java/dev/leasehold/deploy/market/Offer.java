package dev.leasehold.deploy.market;

import java.math.BigDecimal;

/**
 * Capacity that could be leased.
 *
 * @param provider who offers it; replicas of one deployment are spread over these
 * @param reference the market's own name of the offer
 * @param memoryBytes what is free for us there
 */
public record Offer(
        String market, String provider, String reference, BigDecimal priceUsdPerHour, long memoryBytes, int cores) {}
