package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Everything on one machine: database, gateway and agent, started in this order and stopped in the other. One thread
 * starts it; any other may stop it once that thread has let go.
 */
public final class Platform {
    private static final String AGENT_NAME = "local";
    private static final String PASSWORD_LABEL = "leasehold-postgres-v1";
    private static final Duration SUPERVISION_ENDS_MAX = Duration.ofSeconds(10);
    private static final Duration RELEASE_MAX = Duration.ofSeconds(30);
    private static final Duration RELEASE_LOOK_EVERY = Duration.ofMillis(100);

    private final UpSettings settings;
    private final GatewayLauncher launcher;
    private final Consumer<String> narrator;
    private volatile @Nullable HomeLock lock;
    private volatile @Nullable PostgresServer postgres;
    private volatile @Nullable AgentProcess agent;
    private volatile @Nullable Gateway gateway;
    private volatile @Nullable Supervisor supervisor;

    /** @param narrator is told in one line what happens */
    public Platform(UpSettings settings, GatewayLauncher launcher, Consumer<String> narrator) {
        this.settings = settings;
        this.launcher = launcher;
        this.narrator = narrator;
    }

    /**
     * Starts everything. Whatever it started when it fails or is interrupted is left for {@link #stop}.
     *
     * @throws PlatformException if something does not come up
     */
    public void start() throws InterruptedException {
        var home = settings.home();
        lock = HomeLock.take(home);
        home.prepare(new SecureRandom());
        Ports.requireFree(settings.address(), settings.port(), "--port");
        Ports.requireFree(UpSettings.LOOPBACK, settings.consolePort(), "--console-port");
        var self = ProcessMark.of(ProcessHandle.current().pid())
                .orElseThrow(() -> new PlatformException("Leasehold needs /proc, which Linux mounts by default."));
        new Instance(self, settings.apiUrl(), settings.consoleUrl(), false).store(home);

        var database =
                settings.database().isPresent() ? settings.database().get().requireAnswer() : startPostgres();
        narrator.accept("gateway: starting");
        var started = launcher.launch(GatewaySettings.of(settings, database), read(home.key()));
        gateway = started;
        requireNotInterrupted();
        started.startLeasing();
        startAgent();
        supervisor = Supervisor.watch(postgres, agent, narrator);
    }

    /** Tells the other commands that everything has come up. */
    public void announceReady() {
        Instance.of(settings.home()).ifPresent(instance -> instance.asReady().store(settings.home()));
    }

    private Database startPostgres() throws InterruptedException {
        narrator.accept("database: starting PostgreSQL");
        var server = new PostgresServer(settings.home(), databasePassword());
        postgres = server;
        server.start();
        narrator.accept("database: ready");
        return server.database();
    }

    private void startAgent() throws InterruptedException {
        narrator.accept("agent: lending this machine as " + AGENT_NAME);
        var home = settings.home();
        var started = new AgentProcess(new AgentSettings(
                home,
                settings.repository(),
                settings.apiUrl(),
                AGENT_NAME,
                settings.agentPriceUsdPerHour(),
                home.joinToken()));
        agent = started;
        started.start();
    }

    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private String databasePassword() {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            var secret = HexFormat.of().parseHex(read(settings.home().secret()));
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(PASSWORD_LABEL.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String read(Path file) {
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw new PlatformException("The file " + file + " cannot be read (" + e.getMessage() + ").", e);
        }
    }

    /**
     * Stops what was started, in order, and gives the leases back first unless they shall be kept. What cannot be
     * stopped is told, and the rest is stopped nevertheless.
     */
    public void stop() throws InterruptedException {
        if (lock == null) {
            return;
        }
        step(() -> endSupervision(SUPERVISION_ENDS_MAX));
        if (settings.keep()) {
            step(this::tellWhatBills);
        } else {
            step(this::releaseLeases);
            step(this::stopAgent);
        }
        step(this::closeGateway);
        step(this::stopPostgres);
        step(this::letGo);
    }

    /** Kills what was started. Leases that are still held are closed by the next start. */
    public void stopNow() throws InterruptedException {
        if (lock == null) {
            return;
        }
        step(() -> endSupervision(Duration.ofSeconds(1))); // Else it brings back what is killed here.
        if (!settings.keep()) {
            step(() -> Leftovers.kill(settings.home()));
        }
        var server = postgres;
        if (server != null) {
            step(server::stopNow);
        }
        step(this::letGo);
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private void step(Step step) throws InterruptedException {
        try {
            step.run();
        } catch (RuntimeException e) {
            var reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            narrator.accept("stop: something did not stop in order (" + reason + "); going on");
        }
    }

    private void endSupervision(Duration patience) throws InterruptedException {
        var watching = supervisor;
        if (watching != null) {
            watching.end(patience);
        }
    }

    private void tellWhatBills() {
        var running = gateway;
        if (running == null) {
            return;
        }
        var lines = running.billing();
        if (lines.isEmpty()) {
            narrator.accept("No lease is held: nothing bills.");
            return;
        }
        narrator.accept("Kept, and billed until ./leasehold up and a stop without --keep, or ./leasehold down:");
        lines.forEach(line -> narrator.accept("  " + line));
    }

    private void releaseLeases() throws InterruptedException {
        var running = gateway;
        var lender = agent;
        if (running == null || lender == null) {
            return;
        }
        running.releaseAll();
        var end = System.nanoTime() + RELEASE_MAX.toNanos();
        var told = false;
        while (!running.allReleased()) {
            if (!told) {
                narrator.accept("leases: giving back");
                told = true;
            }
            if (System.nanoTime() - end > 0 || !lender.isAlive()) {
                narrator.accept("leases: not all were given back in time; the next start closes the rest");
                return;
            }
            TimeUnit.NANOSECONDS.sleep(RELEASE_LOOK_EVERY.toNanos());
        }
    }

    private void stopAgent() throws InterruptedException {
        var lender = agent;
        if (lender != null) {
            lender.stop();
        }
        Leftovers.end(settings.home(), AGENT_NAME);
    }

    private void closeGateway() {
        var running = gateway;
        if (running != null) {
            running.close();
        }
    }

    /** Also the one that a killed platform left, if we did not come as far as to take it over. */
    private void stopPostgres() throws InterruptedException {
        var server = postgres;
        if (server != null) {
            server.stop();
        } else {
            PostgresServer.stopLeftover(settings.home());
        }
    }

    private void letGo() {
        Instance.forget(settings.home());
        var held = lock;
        if (held != null) {
            held.close();
        }
        lock = null;
    }
}
