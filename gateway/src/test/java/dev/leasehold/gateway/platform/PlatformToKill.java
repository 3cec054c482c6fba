package dev.leasehold.gateway.platform;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A platform in a JVM of its own, which a test kills. */
final class PlatformToKill {
    private PlatformToKill() {}

    public static void main(String[] arguments) throws InterruptedException {
        var settings = settings(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        new Platform(settings, new FakeGateway(settings.home()), _ -> {}).start();
        System.out.println("started");
        new CountDownLatch(1).await();
    }

    static UpSettings settings(Path folder, int port, int consolePort) {
        return new UpSettings(
                new Home(folder.resolve("home ü")),
                folder,
                "127.0.0.1",
                port,
                consolePort,
                false,
                Optional.empty(),
                BigDecimal.ONE);
    }
}
