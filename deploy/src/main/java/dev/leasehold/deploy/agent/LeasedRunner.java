package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.agent.AgentMessages.LeaseReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One lease's runner: watched from its start, or from its adoption, until it has ended. */
final class LeasedRunner {
    static final Duration STOP_MAX = Duration.ofSeconds(15);

    private static final Duration LISTEN_MAX = Duration.ofSeconds(60);
    private static final Duration LOOK_WHILE_STARTING = Duration.ofMillis(50);
    private static final Duration LOOK_AT_CHILD = Duration.ofSeconds(1);
    private static final Duration LOOK_AT_ADOPTED = Duration.ofMillis(100);

    private final LeaseFolder folder;
    private final String host;
    private final AgentLog log;
    private final Runnable changed;

    private volatile State state;
    private volatile Optional<ProcessMark> mark = Optional.empty();
    private volatile Optional<Integer> port = Optional.empty();
    private volatile Optional<Integer> exitCode = Optional.empty();
    private volatile List<String> tail = List.of();
    private volatile long killAtNanos;

    enum State {
        STARTING,
        RUNNING,
        STOPPING,
        EXITED
    }

    private LeasedRunner(LeaseFolder folder, State state, String host, AgentLog log, Runnable changed) {
        this.folder = folder;
        this.state = state;
        this.host = host;
        this.log = log;
        this.changed = changed;
    }

    static LeasedRunner watch(LeaseFolder folder, Process child, Surroundings around) {
        return watch(folder, ProcessMark.of(child.pid()), child, around);
    }

    static LeasedRunner adopt(LeaseFolder folder, ProcessMark mark, Surroundings around) {
        return watch(folder, Optional.of(mark), null, around);
    }

    /** A runner that has ended, or one that could not be started, with the reason in place of its log. */
    static LeasedRunner ended(LeaseFolder folder, List<String> tail, Surroundings around) {
        var runner = new LeasedRunner(folder, State.EXITED, around.host(), around.log(), around.changed());
        runner.exitCode = folder.exitCode();
        runner.tail = tail;
        return runner;
    }

    /** What a runner's watcher needs beside the runner. */
    record Surroundings(String host, AgentLog log, Runnable changed) {}

    private static LeasedRunner watch(
            LeaseFolder folder, Optional<ProcessMark> mark, @Nullable Process child, Surroundings around) {
        var runner = new LeasedRunner(folder, State.STARTING, around.host(), around.log(), around.changed());
        runner.mark = mark;
        runner.noticePort();
        Thread.ofVirtual().name("runner-" + folder.lease()).start(() -> runner.untilItEnds(child));
        return runner;
    }

    LeaseFolder folder() {
        return folder;
    }

    boolean hasExited() {
        return state == State.EXITED;
    }

    boolean isStopping() {
        return state == State.STOPPING;
    }

    LeaseReport report() {
        var now = state;
        var exited = now == State.EXITED;
        return new LeaseReport(
                folder.lease(),
                now.name().toLowerCase(java.util.Locale.ROOT),
                exited ? null : mark.map(ProcessMark::pid).orElse(null),
                exited || port.isEmpty() ? null : host,
                exited ? null : port.orElse(null),
                exited ? exitCode.orElse(null) : null,
                exited ? tail : null);
    }

    /** Asks it to end, and has it killed if it does not. Repeating this changes nothing. */
    synchronized void stop() {
        if (state == State.STOPPING || state == State.EXITED) {
            return;
        }
        killAtNanos = System.nanoTime() + STOP_MAX.toNanos();
        state = State.STOPPING;
        signal(false);
        changed.run();
    }

    private void signal(boolean kill) {
        mark.filter(ProcessMark::isAlive)
                .flatMap(process -> ProcessHandle.of(process.pid()))
                .ifPresent(process -> {
                    if (kill) {
                        process.destroyForcibly();
                    } else {
                        process.destroy();
                    }
                });
    }

    private void untilItEnds(@Nullable Process child) {
        var listenBy = System.nanoTime() + LISTEN_MAX.toNanos();
        try {
            while (!awaitEnd(child)) {
                noticePort();
                tend(listenBy);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        ended(child == null ? Optional.empty() : Optional.of(child.exitValue()));
    }

    private boolean awaitEnd(@Nullable Process child) throws InterruptedException {
        if (child != null) {
            var look = state == State.STARTING ? LOOK_WHILE_STARTING : LOOK_AT_CHILD;
            return child.waitFor(look.toNanos(), TimeUnit.NANOSECONDS);
        }
        var alive = mark.filter(ProcessMark::isAlive).isPresent();
        if (alive) {
            Thread.sleep(LOOK_AT_ADOPTED);
        }
        return !alive;
    }

    private synchronized void noticePort() {
        if (port.isPresent() || state == State.EXITED) {
            return;
        }
        port = folder.port();
        if (port.isPresent() && state == State.STARTING) {
            state = State.RUNNING;
            log.line("lease " + folder.lease() + " listens on port " + port.get() + ".");
            changed.run();
        }
    }

    private void tend(long listenBy) {
        var now = System.nanoTime();
        if (state == State.STARTING && now - listenBy > 0) {
            log.line("lease " + folder.lease() + " does not listen after " + LISTEN_MAX.toSeconds() + " s; stopped.");
            stop();
        }
        if (state == State.STOPPING && now - killAtNanos > 0) {
            signal(true);
        }
        try {
            folder.log().keepSmall();
        } catch (IOException e) {
            log.line("the log of lease " + folder.lease() + " cannot be kept small: " + e.getMessage());
        }
    }

    private void ended(Optional<Integer> code) {
        try {
            folder.exited(code);
        } catch (IOException e) {
            log.line("the end of lease " + folder.lease() + " cannot be noted: " + e.getMessage());
        }
        synchronized (this) {
            exitCode = code;
            tail = folder.log().tail();
            state = State.EXITED;
        }
        log.line("lease " + folder.lease() + " ended"
                + code.map(value -> " with exit code " + value).orElse("") + ".");
        changed.run();
    }
}
