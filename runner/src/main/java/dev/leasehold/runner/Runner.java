package dev.leasehold.runner;

import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.runner.onnx.OnnxModelLoader;
import dev.leasehold.runner.server.Identity;
import dev.leasehold.runner.server.RunnerServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process on a lease. It listens at once, and serves the model that its lessor orders. */
public final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final String TRAIN = "--train";
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private Runner() {}

    /** Runs until it is told to end by SIGTERM; then the exit status is 0. */
    public static void main(String[] arguments) throws InterruptedException {
        var clock = Clock.systemUTC();
        if (arguments.length == 1 && arguments[0].equals(TRAIN)) {
            System.exit(Training.run(clock) ? 0 : EXIT_FAILED);
        }
        try {
            var settings =
                    RunnerSettings.of(System.getenv(), Runtime.getRuntime().availableProcessors());
            serve(settings, clock);
        } catch (IllegalArgumentException e) {
            LOG.error("{}", e.getMessage());
            System.exit(EXIT_USAGE);
        } catch (IOException e) {
            LOG.error("The runner cannot start: {}", e.getMessage());
            System.exit(EXIT_FAILED);
        }
    }

    private static void serve(RunnerSettings settings, Clock clock) throws IOException, InterruptedException {
        var random = new SecureRandom();
        var identity = Identity.create(settings.lease(), settings.secret(), clock, random);
        var server = new RunnerServer(
                new InetSocketAddress(settings.bind(), settings.port()),
                new RunnerServer.Parts(
                        identity,
                        new ArtifactStore(settings.cache()),
                        new OnnxModelLoader(),
                        settings.threads(),
                        version(),
                        clock,
                        random));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        if (settings.stateFile().isPresent()) {
            new StateFile(settings.stateFile().get())
                    .write(ProcessHandle.current().pid(), server.port(), identity.boot());
        }
        LOG.info(
                "Runner {} of lease {} listens on {}:{}.", version(), settings.lease(), settings.bind(), server.port());
        new CountDownLatch(1).await();
    }

    /** The exit status of a process that ends by a signal is not 0 unless it is halted. */
    private static void stop(RunnerServer server) {
        LOG.info("Stopping: running answers may end.");
        server.close();
        LOG.info("Stopped.");
        Runtime.getRuntime().halt(0);
    }

    static String version() {
        return Objects.requireNonNullElse(Runner.class.getPackage().getImplementationVersion(), "0.1.0");
    }
}
