package dev.leasehold.gateway.stream;

import java.time.Duration;

/**
 * What a runner is asked.
 *
 * @param body JSON, in UTF-8
 * @param silenceMax how long it may send nothing, from the request on
 */
public record RunnerRequest(String path, byte[] body, String requestId, Duration silenceMax) {}
