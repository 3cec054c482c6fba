package dev.leasehold.deploy.runner;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Closes something unless it is left in time: that ends whatever blocks on it, a write too. */
final class Deadline implements AutoCloseable {
    private final CountDownLatch left = new CountDownLatch(1);

    Deadline(Closeable guarded, Duration max) {
        Thread.ofVirtual().name("runner-deadline").start(() -> watch(guarded, max));
    }

    private void watch(Closeable guarded, Duration max) {
        try {
            if (!left.await(max.toMillis(), TimeUnit.MILLISECONDS)) {
                guarded.close();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // Closing is all that was wanted of it.
        }
    }

    @Override
    public void close() {
        left.countDown();
    }
}
