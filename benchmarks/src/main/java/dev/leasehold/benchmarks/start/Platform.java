package dev.leasehold.benchmarks.start;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A platform that was started by its own command. Closing it kills the command if it still runs, which leaves what it
 * started to {@code leasehold down}.
 */
final class Platform implements AutoCloseable {
    /** {@code up} ends its report with a line that begins so. */
    private static final String READY_LINE = "curl ";

    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile boolean isReady;

    private Platform(Process process) {
        this.process = process;
    }

    static Platform start(Path launcher, Path home) throws IOException {
        var command = new ProcessBuilder(launcher.toString(), "up", "--port", freePort(), "--console-port", freePort());
        command.environment().put("LEASEHOLD_HOME", home.toString());
        command.redirectErrorStream(true);
        var platform = new Platform(command.start());
        Thread.ofVirtual().start(platform::read);
        return platform;
    }

    private static String freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    /** Reads on after the ready line, so that the command never waits for a full pipe. */
    private void read() {
        try (var lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                IO.println("  " + line);
                if (line.strip().startsWith(READY_LINE)) {
                    isReady = true;
                    ready.countDown();
                }
            }
        } catch (IOException e) {
            IO.println("  The command's output ended: " + e.getMessage());
        } finally {
            ready.countDown(); // Nobody waits for a command that has ended.
        }
    }

    void awaitReady(Duration max) throws InterruptedException {
        if (!ready.await(max.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The platform was not ready within " + max + ".");
        }
        if (!isReady) {
            throw new IllegalStateException("The platform ended before it was ready; the lines above say why.");
        }
    }

    void stop(Duration max) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(max)) {
            throw new IllegalStateException("The platform did not stop within " + max + ".");
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("The platform ended with exit code " + process.exitValue() + ".");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
