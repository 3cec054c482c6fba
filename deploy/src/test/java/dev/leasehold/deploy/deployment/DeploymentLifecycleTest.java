package dev.leasehold.deploy.deployment;

import static dev.leasehold.deploy.deployment.DeploymentSamples.deployment;
import static dev.leasehold.deploy.deployment.DeploymentSamples.failed;
import static dev.leasehold.deploy.deployment.DeploymentSamples.lease;
import static dev.leasehold.deploy.deployment.DeploymentSamples.removed;
import static dev.leasehold.deploy.deployment.DeploymentSamples.stopping;
import static dev.leasehold.deploy.lease.LeaseSamples.NOON;
import static dev.leasehold.deploy.lease.LeaseSamples.OFFER;
import static dev.leasehold.deploy.lease.LeaseSamples.PIN;

import dev.leasehold.deploy.WrittenPage;
import dev.leasehold.deploy.deployment.DeploymentCommand.Forget;
import dev.leasehold.deploy.deployment.DeploymentCommand.RequestLease;
import dev.leasehold.deploy.deployment.DeploymentCommand.StopLease;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseState;
import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/lifecycle-deployment.md is what the rules do. */
class DeploymentLifecycleTest {
    private static final LeaseState WANTED = new Wanted(Optional.empty(), NOON);
    private static final LeaseState NO_OFFER = new Wanted(Optional.of("All memory is leased."), NOON);
    private static final LeaseState ACCEPTING = new Accepting(OFFER, 1, NOON, NOON);
    private static final LeaseState SERVING = new Serving(OFFER, PIN, NOON);
    private static final LeaseState SUSPECT = new Suspect(OFFER, PIN, "refused", NOON, NOON);
    private static final LeaseState CLOSING =
            new Closing(Optional.of(OFFER), new End(Reason.STOPPED, ""), 1, NOON, NOON);
    private static final LeaseState RELEASED = new Released(Optional.of(OFFER), new End(Reason.STOPPED, ""));
    private static final Instant LATER = NOON.plusSeconds(600);

    private record Case(Deployment deployment, String words, List<Lease> leases, Instant now) {}

    private static final List<Case> CASES = List.of(
            new Case(deployment(2), "none", List.of(), NOON),
            new Case(deployment(2), "one that looks for an offer", List.of(lease(1, WANTED)), NOON),
            new Case(deployment(2), "one that finds no offer", List.of(lease(1, NO_OFFER)), NOON),
            new Case(deployment(2), "one that is being taken", List.of(lease(1, ACCEPTING)), NOON),
            new Case(deployment(2), "one that serves", List.of(lease(1, SERVING)), NOON),
            new Case(deployment(2), "two that serve", List.of(lease(1, SERVING), lease(2, SERVING)), NOON),
            new Case(
                    deployment(2), "one that serves, one suspect", List.of(lease(1, SERVING), lease(2, SUSPECT)), NOON),
            new Case(
                    deployment(2), "one that serves, one closing", List.of(lease(1, SERVING), lease(2, CLOSING)), NOON),
            new Case(
                    deployment(2),
                    "two that serve, the second told to end",
                    List.of(lease(1, SERVING), stopping(lease(2, SERVING))),
                    NOON),
            new Case(
                    deployment(1),
                    "1 serves, 2 is suspect, 3 is being taken",
                    List.of(lease(1, SERVING), lease(2, SUSPECT), lease(3, ACCEPTING)),
                    NOON),
            new Case(deployment(1), "1 and 2 serve", List.of(lease(1, SERVING), lease(2, SERVING)), NOON),
            new Case(deployment(1), "one that failed just now", List.of(failed(1, NOON)), NOON),
            new Case(deployment(1), "one that failed a while ago", List.of(failed(1, NOON)), LATER),
            new Case(removed(2), "1 serves, 2 is released", List.of(lease(1, SERVING), lease(2, RELEASED)), NOON),
            new Case(removed(2), "one that was told to end", List.of(stopping(lease(1, SERVING))), NOON),
            new Case(removed(2), "one that is closing", List.of(lease(1, CLOSING)), NOON),
            new Case(removed(2), "none that is not released", List.of(lease(1, RELEASED)), NOON));

    @Test
    void thePageShowsWhatTheRulesDo() throws IOException {
        WrittenPage.isUpToDate("lifecycle-deployment.md", page());
    }

    private static String page() {
        return """
                # The life of a deployment

                """ + WrittenPage.origin("DeploymentLifecycleTest") + """

                A deployment is a wish: this model, so many replicas, at most this price. It has no state of its own.
                `DeploymentRules` compares what is wanted with the leases there are, as often as something changes and at
                least once a second, and says what to do. Nothing is remembered: a command that was lost is given again.

                - Leases are requested one at a time, so that the next knows the provider of the one before and takes
                  another.
                - Of too many leases the furthest from serving go first, of those the newest.
                - After a lease that failed before it had served for a minute the next one waits, longer with each that
                  failed in a row.
                - A removed deployment is out of the routes at once. Its leases are drained and released, then its row
                  goes, and its name is free again.

                | wanted | its leases | command | status shown |
                |---|---|---|---|
                """
                + CASES.stream().map(DeploymentLifecycleTest::row).collect(Collectors.joining()) + """

                | failed in a row | wait for the next lease |
                |---|---|
                """
                + IntStream.rangeClosed(1, 8)
                        .mapToObj(DeploymentLifecycleTest::wait)
                        .collect(Collectors.joining());
    }

    private static String row(Case shown) {
        var commands = DeploymentRules.step(shown.deployment(), shown.leases(), shown.now()).stream()
                .map(DeploymentLifecycleTest::words)
                .collect(Collectors.joining(", "));
        var wanted = shown.deployment().removedAt().isPresent()
                ? "removed"
                : Integer.toString(shown.deployment().wantedReplicas());
        var status = DeploymentViews.of(shown.deployment(), shown.leases()).status();
        return "| " + wanted + " | " + shown.words() + " | " + (commands.isEmpty() ? "nothing" : commands) + " | "
                + status + " |\n";
    }

    private static String words(DeploymentCommand command) {
        return switch (command) {
            case RequestLease _ -> "request a lease";
            case StopLease(var lease) -> "stop lease " + lease.value().getLeastSignificantBits();
            case Forget _ -> "forget the deployment";
        };
    }

    private static String wait(int failures) {
        var leases = IntStream.rangeClosed(1, failures)
                .mapToObj(number -> failed(number, NOON))
                .toList();
        return "| " + failures + " | "
                + Duration.between(NOON, DeploymentRules.retryAt(leases)).toSeconds() + " s |\n";
    }
}
