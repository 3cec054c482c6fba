package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Platform;
import dev.leasehold.gateway.platform.PlatformException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Stops the platform when the process shall end, for whatever reason: Ctrl-C, SIGTERM, a closed terminal, or a start
 * that failed. The signal comes in as the shutdown hook; a second one makes it quick.
 */
final class Stop {
    private static final Duration START_LETS_GO_MAX = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final int KILLED = 130;

    /** HotSpot handles each signal on a thread of this name; the one that ends the process stays until it does. */
    private static final Pattern SIGNAL_HANDLER = Pattern.compile("SIG(INT|TERM|HUP) handler");

    private final Platform platform;
    private final PrintStream out;
    private final Thread starter;
    private final CountDownLatch startEnded = new CountDownLatch(1);
    private volatile int exitCodeWhenReady = -1;
    private volatile boolean stopping;

    private Stop(Platform platform, PrintStream out, Thread starter) {
        this.platform = platform;
        this.out = out;
        this.starter = starter;
    }

    /** Sets up the stop of a platform that the current thread is about to start. */
    static Stop arm(Platform platform, PrintStream out) {
        var stop = new Stop(platform, out, Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(stop::run, "stop"));
        return stop;
    }

    /** From here on, being told to stop is success, with this exit code. */
    void ready(int exitCode) {
        exitCodeWhenReady = exitCode;
    }

    /** Waits for the end; it comes as an interrupt. */
    void await() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Says that the thread which started the platform touches it no more. */
    void startEnded() {
        startEnded.countDown();
    }

    boolean isStopping() {
        return stopping;
    }

    private void run() {
        stopping = true;
        var signals = signals();
        Thread.ofPlatform().daemon().name("impatience").start(() -> killAtNextSignal(signals));
        if (startEnded.getCount() > 0) {
            out.println("Stopping. Press Ctrl-C again to kill everything at once.");
        }
        try {
            starter.interrupt();
            if (!startEnded.await(START_LETS_GO_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                platform.stopNow();
                return;
            }
            platform.stop();
        } catch (PlatformException e) {
            out.println(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (exitCodeWhenReady >= 0) {
            out.println("Stopped.");
            out.flush();
            Runtime.getRuntime().halt(exitCodeWhenReady);
        }
    }

    private void killAtNextSignal(long signalsSoFar) {
        try {
            while (signals() <= signalsSoFar) {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
            out.println("Killing everything. The next start closes what is still leased.");
            platform.stopNow();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            out.flush();
            Runtime.getRuntime().halt(KILLED);
        }
    }

    private static long signals() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> SIGNAL_HANDLER.matcher(thread.getName()).matches())
                .count();
    }
}
