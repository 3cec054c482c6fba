package dev.leasehold.deploy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process or thread does, up to a deadline. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private Eventually() {}

    public static void await(String what, BooleanSupplier holds) {
        within(PATIENCE, what, () -> holds.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    public static <T> T seen(String what, Supplier<Optional<T>> look) {
        return within(PATIENCE, what, look);
    }

    public static <T> T within(Duration patience, String what, Supplier<Optional<T>> look) {
        var end = System.nanoTime() + patience.toNanos();
        while (true) {
            var seen = look.get();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not seen within " + patience.toSeconds() + " s: " + what + ".");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
