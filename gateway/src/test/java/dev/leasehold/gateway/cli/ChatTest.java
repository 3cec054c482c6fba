package dev.leasehold.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.cli.CommandFixture.Result;
import dev.leasehold.gateway.cli.FakeManagementApi.Answer;
import dev.leasehold.gateway.platform.Home;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTest {
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String HALF = """
            : heartbeat

            data: {"choices": [{"delta": {"role": "assistant", "content": ""}}]}

            data: {"choices": [{"delta": {"content": "Grüß "}}]}

            data: {"choices": [{"delta": {"content": "Gott"}}]}

            """;
    private static final String WHOLE = HALF + "data: [DONE]\n\n";

    private final FakeManagementApi api = FakeManagementApi.start();

    @TempDir
    private Path folder;

    private CommandFixture command;

    @BeforeEach
    void run() {
        command = new CommandFixture(new Home(folder.resolve("home"))).runningAt(api.url(), true);
        api.when(CHAT, WHOLE);
    }

    @AfterEach
    void stop() {
        System.clearProperty("leasehold.terminal.input");
        api.close();
    }

    @Test
    void theAnswerIsAllThereIsOnTheOutput() {
        var result = command.run("chat", "tiny", "Say", "hello");

        assertThat(result).isEqualTo(new Result(0, "Grüß Gott\n", ""));
        var asked = api.asked.getFirst();
        assertThat(asked.authorization()).isEqualTo("Bearer sk-lh-test");
        assertThat(asked.body()).contains("\"model\":\"tiny\"", "\"stream\":true", "Say hello");
    }

    @Test
    void theInputOfAPipeIsTheQuestion() {
        var result = command.runWith("Wie geht's?\n", "chat", "tiny");

        assertThat(result.out()).isEqualTo("Grüß Gott\n");
        assertThat(api.asked.getFirst().body()).contains("Wie geht's?");
    }

    @Test
    void anEmptyInputAsksNothing() {
        var result = command.runWith(" \n", "chat", "tiny");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(api.asked).isEmpty();
    }

    @Test
    void onATerminalTheTalkSoFarIsSentAlong() {
        System.setProperty("leasehold.terminal.input", "true");

        var result = command.runWith("one\n\ntwo\n/exit\nthree\n", "chat", "tiny");

        assertThat(result.exitCode()).isZero();
        assertThat(api.asked).hasSize(2);
        assertThat(api.asked.getLast().body()).containsSubsequence("one", "Grüß Gott", "two");
    }

    @Test
    void anAnswerThatBreaksOffIsNotTakenForWhole() {
        api.when(CHAT, new Answer(200, HALF, true));

        var result = command.run("chat", "tiny", "hello");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("Grüß Gott\n");
        assertThat(result.err()).contains("broke off");
    }

    @Test
    void anAnswerThatEndsWithoutItsEndIsNotTakenForWhole() {
        api.when(CHAT, HALF);

        var result = command.run("chat", "tiny", "hello");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("broke off");
    }

    @Test
    void anErrorInTheStreamIsTold() {
        api.when(CHAT, HALF + "data: {\"error\": {\"message\": \"The runner was lost.\"}}\n\n");

        assertThat(command.run("chat", "tiny", "hello"))
                .isEqualTo(new Result(1, "Grüß Gott\n", "The runner was lost.\n"));
    }

    @Test
    void anUnknownModelIsTold() {
        api.when(CHAT, new Answer(404, "{\"error\": {\"message\": \"The model 'tiny' does not exist.\"}}"));

        assertThat(command.run("chat", "tiny", "hello"))
                .isEqualTo(new Result(1, "", "The model 'tiny' does not exist.\n"));
    }
}
