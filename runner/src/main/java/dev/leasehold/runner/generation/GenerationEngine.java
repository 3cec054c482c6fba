package dev.leasehold.runner.generation;

import dev.leasehold.runner.generation.Scheduler.Work;
import dev.leasehold.runner.serving.Generation;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.ServedModel.BusyException;
import dev.leasehold.runner.serving.ServedModel.Load;
import dev.leasehold.runner.tokenizer.Tokenizer;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the requests of all clients on one model. One thread has the model; the others queue and listen. */
public final class GenerationEngine implements AutoCloseable {
    /** Sequences that wait for a slot. */
    public static final int WAITING_MAX = 64;

    /** So many steps in a row that failed, and the engine gives up. */
    private static final int FAILURES_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(GenerationEngine.class);

    private final TokenModel model;
    private final Tokenizer tokenizer;
    private final Set<Integer> endOfText;
    private final Steps steps;
    private final Scheduler scheduler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private boolean stopping;
    private volatile String refusal = "";

    /** Starts the engine's thread. The model is closed with the engine; the tokenizer is not. */
    public GenerationEngine(TokenModel model, Tokenizer tokenizer, Set<Integer> endOfText) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.endOfText = Set.copyOf(endOfText);
        this.scheduler = new Scheduler(model.slots());
        this.steps = new Steps(model);
        this.thread = Thread.ofPlatform().name("engine").daemon().start(this::run);
    }

    /**
     * Queues a request, and returns at once.
     *
     * @throws BusyException if the waiting room is full
     * @throws IllegalArgumentException if the request cannot be served by this model; the message is for the client
     * @throws IllegalStateException if the engine has stopped
     */
    public Generation generate(GenerationRequest request) {
        var room = RequestRules.room(request, model.contextLength(), model.vocabularySize());
        var events = new EventQueue(request, room, this::wake);
        lock.lock();
        try {
            if (!refusal.isEmpty()) {
                throw new IllegalStateException(refusal);
            }
            if (scheduler.waiting() + request.choices() > WAITING_MAX) {
                throw new BusyException("So many requests wait already that no other is taken. Try again soon.");
            }
            for (var choice = 0; choice < request.choices(); choice++) {
                var answer = new Answer(events, choice, room, endOfText, tokenizer.decoder(request.prompt()));
                scheduler.add(new Sequence(request.prompt(), answer));
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
        return events;
    }

    public Load load() {
        lock.lock();
        try {
            return new Load(scheduler.running(), scheduler.waiting(), scheduler.slots());
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        var failures = 0;
        try {
            for (var work = await(); !(work instanceof Work.Idle); work = await()) {
                failures = step(work) ? 0 : failures + 1;
                if (failures == FAILURES_MAX) {
                    throw new IllegalStateException("The engine stopped: " + failures + " steps in a row failed.");
                }
            }
            stop("The model is being unloaded.");
        } catch (Throwable e) {
            LOG.error("The engine stopped.", e);
            stop("The engine stopped: " + e.getMessage());
        } finally {
            model.close();
        }
    }

    /** Waits for work; there is none only when the engine shall stop. */
    private Work await() {
        lock.lock();
        try {
            scheduler.removeIf(sequence -> sequence.answer().over());
            var work = scheduler.next();
            while (work instanceof Work.Idle && !stopping) {
                changed.awaitUninterruptibly();
                scheduler.removeIf(sequence -> sequence.answer().over());
                work = scheduler.next();
            }
            return stopping ? new Work.Idle() : work;
        } finally {
            lock.unlock();
        }
    }

    private boolean step(Work work) {
        try {
            steps.run(work, scheduler);
            return true;
        } catch (RuntimeException e) {
            LOG.error("A step failed; the requests that ran are told.", e);
            failRunning("The engine failed: " + e.getMessage());
            return false;
        }
    }

    private void failRunning(String message) {
        lock.lock();
        try {
            scheduler.removeIf(sequence -> {
                var runs = sequence.slot() >= 0;
                if (runs) {
                    sequence.answer().events().failed(message);
                }
                return runs;
            });
        } finally {
            lock.unlock();
        }
    }

    private void stop(String reason) {
        lock.lock();
        try {
            refusal = reason;
            scheduler.removeIf(sequence -> {
                sequence.answer().events().failed(reason);
                return true;
            });
        } finally {
            lock.unlock();
        }
    }

    /** Ends after the step that runs; what is not complete fails. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
