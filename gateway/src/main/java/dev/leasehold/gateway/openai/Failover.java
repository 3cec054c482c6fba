package dev.leasehold.gateway.openai;

import dev.leasehold.deploy.deployment.Route;
import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.routing.Replicas;
import dev.leasehold.gateway.routing.RouteTable;
import dev.leasehold.gateway.stream.ClientWatch;
import dev.leasehold.gateway.stream.Outcome;
import dev.leasehold.gateway.stream.Relay;
import dev.leasehold.gateway.stream.RunnerCall;
import dev.leasehold.gateway.stream.RunnerRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a request answered by whichever replica can, one after the other, for as long as the client has nothing of an
 * answer. Where none is left it waits a while for the control plane to bring up another one.
 */
final class Failover {
    private static final Logger log = LoggerFactory.getLogger(Failover.class);

    /** A request that ends every runner it reaches must not go on to the next for ever. */
    private static final int REACHED_MAX = 3;

    private static final int WAITING_MAX = 1024;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final RouteTable routes;
    private final Replicas replicas;
    private final RunnerCall runners;
    private final Duration replicaWaitMax;
    private final Semaphore waiting = new Semaphore(WAITING_MAX);

    Failover(RouteTable routes, Replicas replicas, RunnerCall runners, Duration replicaWaitMax) {
        this.routes = routes;
        this.replicas = replicas;
        this.runners = runners;
        this.replicaWaitMax = replicaWaitMax;
    }

    /** Gets one request answered; for one thread. */
    final class Attempts {
        private final String deployment;
        private final ClientWatch client;
        private final long end = System.nanoTime() + replicaWaitMax.toNanos();
        private final Set<LeaseId> tried = new HashSet<>();
        private int reached;
        private boolean isBusy;

        Attempts(String deployment, ClientWatch client) {
            this.deployment = deployment;
            this.client = client;
        }

        /**
         * Asks until there is an answer.
         *
         * @return what came of it: never that the runner was lost
         * @throws ApiFailure if no replica can answer, or the one that had begun was lost
         */
        Outcome run(RunnerRequest request, Relay relay) throws ClientGoneException {
            while (true) {
                var target = next();
                var outcome = ask(target, request, relay);
                switch (outcome) {
                    case Outcome.Complete _, Outcome.ClientGone _ -> {
                        return outcome;
                    }
                    case Outcome.Refused refused
                    when refused.isFinal() -> {
                        return outcome;
                    }
                    case Outcome.Refused refused -> refused(target, refused.status());
                    case Outcome.Lost lost -> lost(target, request, relay, lost);
                }
            }
        }

        private Outcome ask(Target target, RunnerRequest request, Relay relay) {
            try (var _ = replicas.begin(target)) {
                return runners.ask(target, request, client, relay);
            }
        }

        private void refused(Target target, int status) {
            tried.add(target.lease());
            if (status == Fault.BUSY.status()) {
                isBusy = true;
                return;
            }
            replicas.failed(target);
            if (status != Fault.UNAVAILABLE.status()) {
                log.warn("The runner of lease {} answered with status {}.", target.lease(), status);
                countReached();
            }
        }

        private void lost(Target target, RunnerRequest request, Relay relay, Outcome.Lost lost) {
            replicas.failed(target);
            tried.add(target.lease());
            log.warn(
                    "Request {}: the runner of lease {} at {} was lost{}: {}",
                    request.requestId(),
                    target.lease(),
                    target.provider(),
                    relay.hasBegun() ? " within its answer" : "",
                    lost.why());
            if (relay.hasBegun()) {
                throw ApiFailure.of(
                        Fault.RUNNER_LOST,
                        "The runner was lost within this answer, which is not complete. Ask again: another replica"
                                + " will answer.");
            }
            if (lost.reached()) {
                countReached();
            }
        }

        private void countReached() {
            reached++;
            if (reached >= REACHED_MAX) {
                throw ApiFailure.of(
                        Fault.RUNNER_FAILED,
                        "This request failed on " + reached + " runners one after the other. Send a smaller one, or see"
                                + " ./leasehold logs " + deployment + ".");
            }
        }

        /** The replica to ask next, waiting for one if need be. */
        private Target next() throws ClientGoneException {
            while (true) {
                client.requireThere();
                var known = routes.now();
                var target = replicas.pick(route(known), tried);
                if (target.isPresent()) {
                    return target.get();
                }
                if (isBusy) {
                    throw ApiFailure.of(
                            Fault.BUSY, "All replicas of " + deployment + " are busy, and their waiting rooms full.");
                }
                await(known.version());
            }
        }

        private Route route(RouteTable.Snapshot known) {
            return known.find(deployment).orElseThrow(() -> OpenAiApi.unknownModel(deployment));
        }

        /** Until the routes change, or those that were tried are worth another try. */
        private void await(long version) {
            boolean mayWait = System.nanoTime() - end < 0 && waiting.tryAcquire();
            if (!mayWait) {
                throw ApiFailure.of(
                        Fault.NO_REPLICA,
                        "No replica of " + deployment
                                + " serves now. One is being brought up if somebody offers what it"
                                + " needs: ./leasehold ls shows it.");
            }
            try {
                if (!routes.awaitNewer(version, LOOK_EVERY) && !routes.isRunning()) {
                    throw ApiFailure.of(Fault.UNAVAILABLE, "The gateway is stopping.");
                }
                tried.clear();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw ApiFailure.of(Fault.UNAVAILABLE, "The gateway is stopping.");
            } finally {
                waiting.release();
            }
        }
    }
}
