package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Database and gateway in a temporary home, on ports that happen to be free, gone when it is closed. */
public final class TrainingPlatform implements AutoCloseable {
    private final UpSettings settings;
    private final PostgresServer postgres;
    private @Nullable Gateway gateway;
    private String apiKey = "";

    private TrainingPlatform(UpSettings settings, PostgresServer postgres) {
        this.settings = settings;
        this.postgres = postgres;
    }

    /**
     * Starts both.
     *
     * @throws PlatformException if something does not come up
     */
    public static TrainingPlatform start(GatewayLauncher launcher) throws IOException, InterruptedException {
        var home = new Home(Files.createTempDirectory("leasehold-training-"));
        home.prepare(new SecureRandom());
        var settings = new UpSettings(
                home, Path.of(""), "127.0.0.1", Ports.free(), Ports.free(), false, Optional.empty(), BigDecimal.ONE);
        var password = Files.readString(home.secret()).strip();
        var platform = new TrainingPlatform(settings, new PostgresServer(home, password));
        try {
            platform.postgres.start();
            var database = platform.postgres.database();
            platform.apiKey = Files.readString(home.key()).strip();
            platform.gateway = launcher.launch(GatewaySettings.of(settings, database), platform.apiKey);
            platform.gateway.startLeasing();
            return platform;
        } catch (RuntimeException | InterruptedException e) {
            platform.close();
            throw e;
        }
    }

    public String apiUrl() {
        return settings.apiUrl();
    }

    public String consoleUrl() {
        return settings.consoleUrl();
    }

    public String apiKey() {
        return apiKey;
    }

    @Override
    public void close() throws IOException {
        if (gateway != null) {
            gateway.close();
        }
        try {
            postgres.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Folders.delete(settings.home().root());
    }
}
