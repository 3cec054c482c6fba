package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessMarkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aProcessIsAliveUntilItEnds() throws InterruptedException {
        try (var child = ChildProcess.sleeper(Map.of())) {
            var mark = child.mark();
            assertThat(mark.isAlive()).isTrue();

            mark.end("TERM", PATIENCE);

            assertThat(mark.isAlive()).isFalse();
            assertThat(ProcessMark.of(mark.pid())).isEmpty();
        }
    }

    @Test
    void anotherProcessWithTheSameIdIsNotTakenForOurs() throws InterruptedException {
        try (var child = ChildProcess.sleeper(Map.of())) {
            var earlier = new ProcessMark(child.mark().pid(), child.mark().startTicks() - 1);

            earlier.end("KILL", Duration.ZERO);

            assertThat(earlier.isAlive()).isFalse();
            assertThat(child.mark().isAlive()).isTrue();
        }
    }

    @Test
    void aProcessThatIgnoresTheRequestIsKilled() throws Exception {
        try (var child =
                ChildProcess.start(Map.of(), List.of("sh", "-c", "trap '' TERM; echo ready; exec sleep 300"))) {
            assertThat(child.process().inputReader().readLine()).isEqualTo("ready");
            var mark = child.mark();

            mark.end("TERM", Duration.ofMillis(100));

            assertThat(mark.isAlive()).isFalse();
        }
    }

    @Test
    void aNameWithParenthesesAndSpacesIsRead() throws Exception {
        try (var child = ChildProcess.start(
                Map.of(), List.of("sh", "-c", "printf 'a) R (b' >/proc/$$/comm; echo ready; read line"))) {
            assertThat(child.process().inputReader().readLine()).isEqualTo("ready");

            assertThat(ProcessMark.of(child.process().pid())).isPresent();
            assertThat(child.mark().startTicks()).isPositive();
        }
    }
}
