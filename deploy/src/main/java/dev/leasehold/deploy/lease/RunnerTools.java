package dev.leasehold.deploy.lease;

import dev.leasehold.catalog.artifact.ArtifactSource;
import dev.leasehold.deploy.runner.RunnerClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What it takes to watch runners, shared by all watches of a control plane. */
record RunnerTools(
        RunnerClient client,
        ArtifactSource sources,
        FailureShare failures,
        Clock clock,
        int failedProbesMax,
        Intervals intervals) {

    /**
     * How long to wait between two looks at a runner.
     *
     * @param passing while it warms up or drains
     */
    record Intervals(Duration passing, Duration serving) {
        static final Intervals DEFAULT = new Intervals(Duration.ofMillis(200), Duration.ofSeconds(1));
    }

    Instant now() {
        return clock.instant();
    }
}
