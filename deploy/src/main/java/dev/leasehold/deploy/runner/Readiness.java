package dev.leasehold.deploy.runner;

import java.util.Optional;

/**
 * What a runner says of itself; docs/protocols/runner.md.
 *
 * @param progress of the stage, 0 to 1
 * @param error why it failed
 * @param running sequences
 * @param waiting sequences
 */
public record Readiness(
        boolean ready, String stage, double progress, Optional<String> error, String boot, int running, int waiting) {}
