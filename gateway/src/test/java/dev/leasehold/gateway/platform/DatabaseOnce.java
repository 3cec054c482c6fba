package dev.leasehold.gateway.platform;

import java.nio.file.Path;
import java.security.SecureRandom;

/** Starts and stops the database of a home, and tells why if that does not work. */
final class DatabaseOnce {
    private DatabaseOnce() {}

    public static void main(String[] arguments) throws InterruptedException {
        var home = new Home(Path.of(arguments[0]));
        home.prepare(new SecureRandom());
        var server = new PostgresServer(home, "correct horse");
        try {
            server.start();
            System.out.println("started");
        } catch (PlatformException e) {
            System.out.println(e.getMessage());
        } finally {
            server.stop();
        }
    }
}
