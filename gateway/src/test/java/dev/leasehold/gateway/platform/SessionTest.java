package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    private static final int SESSION = 3;

    @TempDir
    private Path folder;

    private Home home;

    @BeforeEach
    void prepareHome() {
        home = new Home(folder);
        home.prepare(new SecureRandom());
    }

    @Test
    void aChildHasASessionOfItsOwnAndTheHomeInItsEnvironment() throws Exception {
        var log = home.log("child");

        var child = Session.start(home, List.of("sh", "-c", "cat /proc/$$/stat; echo \"$LEASEHOLD_CHILD_OF\""), log);
        child.waitFor(30, TimeUnit.SECONDS);

        var lines = Files.readAllLines(log);
        assertThat(afterName(lines.getFirst())[SESSION]).isEqualTo(Long.toString(child.pid()));
        assertThat(lines.getLast()).isEqualTo(home.root().toString());
    }

    @Test
    void aChildDoesNotGetThePasswordOfTheDatabase() {
        var environment =
                new HashMap<>(Map.of("LEASEHOLD_DATABASE_PASSWORD", "p", "LEASEHOLD_API_KEY", "k", "PATH", "/bin"));

        Session.prepare(environment, home);

        assertThat(environment).containsOnlyKeys("PATH", Session.MARK);
    }

    @Test
    void aLogThatHasGrownIsPutAside() throws Exception {
        var log = home.log("child");
        try (var file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength((10L << 20) + 1);
        }

        Session.start(home, List.of("true"), log).waitFor(30, TimeUnit.SECONDS);

        assertThat(Files.size(log)).isZero();
        assertThat(Files.size(log.resolveSibling("child.log.1"))).isGreaterThan(10L << 20);
    }

    private static String[] afterName(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }
}
