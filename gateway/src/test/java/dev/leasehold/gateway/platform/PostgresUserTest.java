package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresUserTest {
    @TempDir
    private Path folder;

    @Test
    void rootInAContainerWithoutUserNamespacesHasADatabaseToo() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(0);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        var home = folder.resolve("home");
        var environment = Map.of("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        var refusing = Files.createDirectory(folder.resolve("bin")).resolve("unshare");
        Files.writeString(refusing, "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(refusing, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (var database = ChildProcess.java(environment, DatabaseOnce.class, home.toString())) {
            assertThat(database.process().inputReader().lines()).containsExactly("started");
        }

        assertThat(Files.getOwner(home.resolve("postgres/data")).getName()).isEqualTo("nobody");
    }
}
