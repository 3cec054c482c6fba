package dev.leasehold.gateway.stream;

import dev.leasehold.deploy.deployment.Route;
import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.deploy.runner.Address;
import dev.leasehold.deploy.runner.RunnerSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/** Connections to runners, kept for the next request. The one that rested shortest is taken first. */
public final class RunnerLinks {
    private static final int IDLE_MAX = 64;
    private static final Duration IDLE_FOR_MAX = Duration.ofSeconds(60);

    private final LeaseSecrets secrets;
    private final ConcurrentMap<Target, Kept> kept = new ConcurrentHashMap<>();

    public RunnerLinks(LeaseSecrets secrets) {
        this.secrets = secrets;
    }

    private static final class Kept {
        private final RunnerSocket.Dialer dialer;
        private final String token;
        private final Deque<RunnerLink> idle = new ArrayDeque<>();
        private boolean closed;

        private Kept(RunnerSocket.Dialer dialer, String token) {
            this.dialer = dialer;
            this.token = token;
        }

        private synchronized Optional<RunnerLink> take() {
            var link = idle.peekFirst();
            if (link != null && link.idleFor().compareTo(IDLE_FOR_MAX) > 0) {
                clear(); // The others have rested longer still.
            }
            return Optional.ofNullable(idle.pollFirst());
        }

        private synchronized boolean keep(RunnerLink link) {
            if (closed || idle.size() >= IDLE_MAX) {
                return false;
            }
            idle.addFirst(link);
            return true;
        }

        private synchronized void close() {
            closed = true;
            clear();
        }

        private void clear() {
            idle.forEach(RunnerLink::close);
            idle.clear();
        }
    }

    /** A connection that has rested, or else a new one. */
    RunnerLink take(Target target) throws IOException {
        var rested = of(target).take();
        return rested.isPresent() ? rested.get() : dial(target);
    }

    RunnerLink dial(Target target) throws IOException {
        var pool = of(target);
        return new RunnerLink(pool.dialer.dial(), pool.token);
    }

    void giveBack(Target target, RunnerLink link) {
        link.rest();
        var pool = kept.get(target);
        if (pool == null || !pool.keep(link)) {
            link.close();
        }
    }

    private Kept of(Target target) {
        return kept.computeIfAbsent(
                target,
                _ -> new Kept(
                        new RunnerSocket.Dialer(new Address(target.host(), target.port()), target.certificateSha256()),
                        secrets.tokenOf(target.lease())));
    }

    /** Closes what rests for runners to which no route leads any more. */
    public void keepOnly(Collection<Route> routes) {
        Set<Target> served =
                routes.stream().map(Route::targets).flatMap(List::stream).collect(Collectors.toSet());
        kept.forEach((target, pool) -> {
            if (!served.contains(target) && kept.remove(target, pool)) {
                pool.close();
            }
        });
    }
}
