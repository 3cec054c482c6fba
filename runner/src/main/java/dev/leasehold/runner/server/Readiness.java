package dev.leasehold.runner.server;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@code /ready} says; docs/protocols/runner.md. */
record Readiness(
        boolean ready,
        String stage,
        double progress,
        @Nullable String error,
        @Nullable String model,
        UUID boot,
        int running,
        int waiting,
        int slots,
        long memoryBytes) {}
