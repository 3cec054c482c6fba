package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {
    @TempDir
    private Path folder;

    private Home home;

    @BeforeEach
    void nameHome() {
        home = new Home(folder.resolve("home"));
    }

    @Test
    void aHomeIsHeldOnce() {
        try (var _ = HomeLock.take(home)) {
            assertThatThrownBy(() -> HomeLock.take(home))
                    .isInstanceOf(PlatformException.class)
                    .hasMessageContaining("already running here")
                    .hasMessageContaining("./leasehold down");
        }
    }

    @Test
    void aHomeThatWasLetGoIsFree() {
        HomeLock.take(home).close();

        try (var again = HomeLock.take(home)) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void aProcessThatHoldsItIsNamedAndFreesItWhenItIsKilled() throws Exception {
        try (var holder = ChildProcess.java(LockHolder.class, home.root().toString())) {
            assertThat(holder.process().inputReader().readLine()).isEqualTo("taken");
            assertThatThrownBy(() -> HomeLock.take(home))
                    .hasMessageContaining("(process " + holder.process().pid() + ")");
            holder.process().destroyForcibly().waitFor();
        }

        try (var free = HomeLock.take(home)) {
            assertThat(free).isNotNull();
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> HomeLock.take(new Home(file.resolve("home"))))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining(file.resolve("home") + " cannot be written");
    }
}
