package dev.leasehold.deploy.lease;

import java.time.Duration;
import org.slf4j.Logger;

/** Says once that something is away and once that it is back, and how long to wait in between. */
public final class Outage {
    private static final Duration WAIT_MIN = Duration.ofMillis(250);
    private static final int DOUBLINGS_MAX = 8;

    private final Logger log;
    private final String sentence;
    private int failures;

    public Outage(Logger log, String sentence) {
        this.log = log;
        this.sentence = sentence;
    }

    public synchronized void goesOn(Exception cause) {
        if (failures == 0) {
            log.warn("{} {}", sentence, String.valueOf(cause.getMessage()));
        }
        failures++;
    }

    public synchronized void over() {
        if (failures > 0) {
            log.info("It is over: {}", sentence);
        }
        failures = 0;
    }

    /** Longer with each failure, at most {@code max}. */
    public synchronized Duration wait(Duration max) {
        var wait = WAIT_MIN.multipliedBy(1L << Math.min(Math.max(0, failures - 1), DOUBLINGS_MAX));
        return wait.compareTo(max) > 0 ? max : wait;
    }
}
