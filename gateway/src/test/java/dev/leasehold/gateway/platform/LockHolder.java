package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Path;

/** Takes a home, says so, and keeps it until its input ends. */
final class LockHolder {
    private LockHolder() {}

    public static void main(String[] arguments) throws IOException {
        var home = new Home(Path.of(arguments[0]));
        try (var _ = HomeLock.take(home)) {
            var self = ProcessMark.of(ProcessHandle.current().pid()).orElseThrow();
            new Instance(self, "http://127.0.0.1:1", "http://127.0.0.1:2", false).store(home);
            System.out.println("taken");
            var _ = System.in.readAllBytes();
        }
    }
}
