package dev.leasehold.deploy.lease;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Carries out one lease's commands, one after the other, on a thread that lives while there are any. */
final class LeaseHands {
    private static final Logger log = LoggerFactory.getLogger(LeaseHands.class);
    private static final int COMMANDS_MAX = 8;
    private static final long TURN_WAIT_SECONDS = 10;

    private final Semaphore turns;
    private final Function<LeaseCommand, Optional<LeaseEvent>> calls;
    private final Consumer<LeaseEvent> answers;
    private final Deque<LeaseCommand> waiting = new ArrayDeque<>();
    private boolean busy;

    /** @param turns bounds how many leases call markets at a time */
    LeaseHands(Semaphore turns, Function<LeaseCommand, Optional<LeaseEvent>> calls, Consumer<LeaseEvent> answers) {
        this.turns = turns;
        this.calls = calls;
        this.answers = answers;
    }

    /**
     * Takes a command. One that waits already is not repeated; past the limit it is dropped, and will be given again.
     */
    void carryOut(LeaseCommand command) {
        synchronized (waiting) {
            if (!waiting.contains(command) && waiting.size() < COMMANDS_MAX) {
                waiting.add(command);
            }
            if (!busy) {
                busy = true;
                Thread.ofVirtual().name("lease-hands").start(this::work);
            }
        }
    }

    private void work() {
        for (var next = next(); next.isPresent(); next = next()) {
            try {
                takeTurn(next.get());
            } catch (DataAccessException e) {
                log.debug("{} was not carried out: the database does not answer.", next.get(), e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.warn("{} failed unexpectedly.", next.get(), e);
            }
        }
    }

    private void takeTurn(LeaseCommand command) throws InterruptedException {
        if (!turns.tryAcquire(TURN_WAIT_SECONDS, TimeUnit.SECONDS)) {
            return;
        }
        try {
            calls.apply(command).ifPresent(answers);
        } finally {
            turns.release();
        }
    }

    private Optional<LeaseCommand> next() {
        synchronized (waiting) {
            var next = Optional.ofNullable(waiting.poll());
            busy = next.isPresent();
            return next;
        }
    }
}
