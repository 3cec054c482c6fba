package dev.leasehold.benchmarks.start;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A platform that was started by its own command. Closing it kills the command if it still runs. */
final class Platform implements AutoCloseable {
    /** {@code up} ends its report with a line that begins so. */
    private static final String READY_LINE = "curl ";

    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);

    private Platform(Process process) {
        this.process = process;
    }

    static Platform start(Path launcher, Path home) throws IOException {
        var command = new ProcessBuilder(launcher.toString(), "up", "--port", "18080", "--console-port", "18081");
        command.environment().put("LEASEHOLD_HOME", home.toString());
        command.redirectErrorStream(true);
        var platform = new Platform(command.start());
        Thread.ofVirtual().start(platform::read);
        return platform;
    }

    /** Reads on after the ready line, so that the command never waits for a full pipe. */
    private void read() {
        try (var lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                IO.println("  " + line);
                if (line.strip().startsWith(READY_LINE)) {
                    ready.countDown();
                }
            }
        } catch (IOException e) {
            IO.println("  The command's output ended: " + e.getMessage());
        }
    }

    void awaitReady(Duration max) throws InterruptedException {
        if (!ready.await(max.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The platform was not ready within " + max + ".");
        }
    }

    void stop(Duration max) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(max)) {
            throw new IllegalStateException("The platform did not stop within " + max + ".");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
