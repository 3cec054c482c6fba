package dev.leasehold.deploy.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerLogTest {
    @TempDir
    private Path folder;

    private RunnerLog log;

    @BeforeEach
    void open() {
        log = new RunnerLog(folder);
    }

    @Test
    void givesWhatIsNew() throws IOException {
        append("one\n".getBytes(UTF_8));
        var first = log.from(0);
        append("two\n".getBytes(UTF_8));

        var second = log.from(first.end());

        assertThat(new String(second.bytes(), UTF_8)).isEqualTo("two\n");
        assertThat(second.offset()).isEqualTo(4);
        assertThat(log.from(second.end()).bytes()).isEmpty();
    }

    @Test
    void aCharacterIsSentWhole() throws IOException {
        var euro = "€".getBytes(UTF_8);
        append(new byte[] {'a', euro[0], euro[1]});
        var cut = log.from(0);
        append(new byte[] {euro[2]});

        var rest = log.from(cut.end());

        assertThat(cut.bytes()).containsExactly('a');
        assertThat(rest.bytes()).isEqualTo(euro);
    }

    @Test
    void whatIsNoTextIsSentAsItIs() throws IOException {
        append(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80});

        assertThat(log.from(0).bytes()).hasSize(4);
    }

    @Test
    void aLogThatGrewTooLargeIsEmptiedAndItsPositionsGoOn() throws IOException {
        append(new byte[(int) RunnerLog.BYTES_MAX + 1]);

        log.keepSmall();
        append("after\n".getBytes(UTF_8));

        assertThat(Files.size(log.file())).isEqualTo(6);
        var piece = log.from(RunnerLog.BYTES_MAX + 1);
        assertThat(new String(piece.bytes(), UTF_8)).isEqualTo("after\n");
        assertThat(log.from(5).offset()).isEqualTo(RunnerLog.BYTES_MAX + 1);
    }

    @Test
    void theTailIsTheLastLines() throws IOException {
        for (int line = 1; line <= 30; line++) {
            append(("line " + line + "\n").getBytes(UTF_8));
        }

        assertThat(log.tail()).hasSize(20).startsWith("line 11").endsWith("line 30");
    }

    private void append(byte[] bytes) throws IOException {
        Files.write(log.file(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
