package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseEvent.LoadFailed;
import dev.leasehold.deploy.lease.LeaseEvent.Ready;
import dev.leasehold.deploy.lease.LeaseEvent.Restarted;
import dev.leasehold.deploy.lease.LeaseEvent.Unanswered;
import dev.leasehold.deploy.lease.LeaseState.Accepting;
import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Draining;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Ordering;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Suspect;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.runner.Pin;
import dev.leasehold.deploy.runner.RunnerException;
import dev.leasehold.deploy.runner.RunnerSession;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the runner of one lease: warms it up, then probes it for as long as the lease's state asks for that. Good
 * probes are only told to the lease; nothing is stored here.
 */
final class RunnerWatch {
    private static final Logger log = LoggerFactory.getLogger(RunnerWatch.class);

    private final LeaseId lease;
    private final LeaseTerms terms;
    private final RunnerTools tools;
    private final Consumer<LeaseEvent> tell;
    private LeaseState state;
    private @Nullable Thread thread;
    private volatile @Nullable RunnerSession session;
    private @Nullable WarmUp warmUp;
    private int unanswered;

    RunnerWatch(LeaseId lease, LeaseTerms terms, LeaseState state, RunnerTools tools, Consumer<LeaseEvent> tell) {
        this.lease = lease;
        this.terms = terms;
        this.state = state;
        this.tools = tools;
        this.tell = tell;
    }

    /** Watches as this state asks for. What is under way for a state that has passed is cut off. */
    synchronized void follow(LeaseState next) {
        boolean goesOn = intervalFor(next).isPresent();
        state = next;
        notifyAll();
        if (goesOn && thread == null) {
            thread = Thread.ofVirtual().name("runner-watch-" + lease).start(this::watch);
        } else if (!goesOn) {
            closeSession();
        }
    }

    private Optional<Duration> intervalFor(LeaseState next) {
        return switch (next) {
            case Warming _, Draining _ -> Optional.of(tools.intervals().passing());
            case Serving _, Suspect _ -> Optional.of(tools.intervals().serving());
            case Wanted _, Ordering _, Accepting _, Launching _, Closing _, Released _ -> Optional.empty();
        };
    }

    private void watch() {
        try {
            for (var interval = goOn(); interval.isPresent(); interval = goOn()) {
                look(current());
                pause(interval.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized LeaseState current() {
        return state;
    }

    /** How long to wait after the next look; empty when the thread is to end, which is then forgotten. */
    private synchronized Optional<Duration> goOn() {
        var interval = intervalFor(state);
        if (interval.isEmpty()) {
            thread = null;
            unanswered = 0;
            warmUp = null;
            closeSession();
            tools.failures().forget(lease);
        }
        return interval;
    }

    private synchronized void pause(Duration interval) throws InterruptedException {
        var before = state.kind();
        long end = System.nanoTime() + interval.toNanos();
        for (long left = end - System.nanoTime(); left > 0 && state.kind().equals(before); ) {
            wait(Math.max(1, Duration.ofNanos(left).toMillis()));
            left = end - System.nanoTime();
        }
    }

    private void look(LeaseState now) throws InterruptedException {
        try {
            switch (now) {
                case Warming warming -> warm(warming);
                case Serving serving -> probe(serving.runner());
                case Suspect suspect -> probe(suspect.runner());
                case Draining draining -> probe(draining.runner());
                case Wanted _, Ordering _, Accepting _, Launching _, Closing _, Released _ -> {
                    // Ends with the next round.
                }
            }
        } catch (RunnerException.LoadRefused e) {
            tell.accept(new LoadFailed(tools.now(), String.valueOf(e.getMessage())));
        } catch (IOException e) {
            failed(now, e);
        } catch (RuntimeException e) {
            log.warn("Watching the runner of lease {} failed unexpectedly.", lease, e);
            failed(now, new IOException("internal error", e));
        }
    }

    private void warm(Warming warming) throws IOException, InterruptedException {
        var going = warmUp;
        if (going == null || !going.address().equals(warming.address())) {
            var pin = tools.client().challenge(lease, warming.address());
            going = new WarmUp(openSession(pin), terms.workload(), tools, tell);
            warmUp = going;
        }
        going.advance();
        answered(warming);
    }

    private void probe(Pin pin) throws IOException {
        var open = session;
        if (open == null || !open.pin().equals(pin)) {
            open = openSession(pin);
        }
        var readiness = open.ready();
        if (!readiness.ready()) {
            throw new IOException(readiness.error().orElse("it says that it is " + readiness.stage() + "."));
        }
        answered(current());
        tell.accept(new Ready(tools.now(), pin, readiness.running() + readiness.waiting()));
    }

    private void answered(LeaseState now) {
        unanswered = 0;
        tools.failures().report(lease, provider(now), false);
    }

    private void failed(LeaseState now, IOException e) {
        warmUp = null;
        closeSession();
        if (e instanceof RunnerException.OtherRunner && hasRestarted(now)) {
            tell.accept(new Restarted(tools.now()));
            return;
        }
        unanswered++;
        tools.failures().report(lease, provider(now), unanswered >= tools.failedProbesMax());
        var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        tell.accept(new Unanswered(tools.now(), unanswered, tools.failures().isWidespread(), why));
    }

    /** Whether the process that now listens there is this lease's runner as well. */
    private boolean hasRestarted(LeaseState now) {
        if (now instanceof Warming) {
            return false;
        }
        try {
            var address = pinOf(now).map(Pin::address);
            return address.isPresent()
                    && !tools.client().challenge(lease, address.get()).boot().isEmpty();
        } catch (IOException _) {
            return false;
        }
    }

    private static Optional<Pin> pinOf(LeaseState now) {
        return switch (now) {
            case Serving serving -> Optional.of(serving.runner());
            case Suspect suspect -> Optional.of(suspect.runner());
            case Draining draining -> Optional.of(draining.runner());
            case Wanted _, Ordering _, Accepting _, Launching _, Warming _, Closing _, Released _ -> Optional.empty();
        };
    }

    private static String provider(LeaseState now) {
        return now instanceof LeaseState.Leased leased ? leased.offer().provider() : "";
    }

    private synchronized RunnerSession openSession(Pin pin) throws IOException {
        closeSession();
        if (intervalFor(state).isEmpty()) {
            throw new IOException("The lease is no longer watched.");
        }
        var opened = tools.client().session(lease, pin);
        session = opened;
        return opened;
    }

    private synchronized void closeSession() {
        var open = session;
        if (open != null) {
            open.close();
            session = null;
        }
    }
}
