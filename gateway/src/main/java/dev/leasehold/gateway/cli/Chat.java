package dev.leasehold.gateway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code leasehold chat}. */
@Command(
        name = "chat",
        description = "Talks with a deployment. Answers stream as they come; the talk so far is sent along.",
        footer = {
            "",
            "Examples:",
            "  ./leasehold chat starter-chat            (until /exit or Ctrl-D)",
            "  ./leasehold chat starter-chat 'Tell me a story.'",
            "  echo 'Tell me a story.' | ./leasehold chat starter-chat",
            "",
            "Exit codes: 0 ok, 1 failed, 2 usage, 3 not running."
        })
final class Chat implements Callable<Integer> {
    private static final String DATA = "data:";
    private static final int TURNS_MAX = 200;
    private static final int INPUT_BYTES_MAX = 1 << 20;

    private final InputStream in;
    private final PrintStream out;
    private final List<Map<String, String>> turns = new ArrayList<>();

    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "The deployment's name.")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "What to say; then the answer is all there is.")
    private List<String> words = new ArrayList<>();

    Chat(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        var api = ApiClient.of(home.home());
        if (!words.isEmpty()) {
            say(api, String.join(" ", words));
            return ExitCode.OK;
        }
        if (!Boolean.getBoolean("leasehold.terminal.input")) {
            var text = new String(in.readNBytes(INPUT_BYTES_MAX), StandardCharsets.UTF_8).strip();
            if (text.isEmpty()) {
                throw CommandException.usage("There is nothing to say: give a text after the name, or on the input.");
            }
            say(api, text);
            return ExitCode.OK;
        }
        out.println("Talking with " + name + ". /exit or Ctrl-D ends it.");
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (var line = ask(lines); line != null && !line.equals("/exit"); line = ask(lines)) {
            if (!line.isBlank()) {
                say(api, line);
            }
        }
        return ExitCode.OK;
    }

    private @Nullable String ask(BufferedReader lines) throws IOException {
        out.print("> ");
        out.flush();
        var line = lines.readLine();
        return line == null ? null : line.strip();
    }

    private void say(ApiClient api, String text) throws InterruptedException {
        turns.add(Map.of("role", "user", "content", text));
        if (turns.size() > TURNS_MAX) {
            turns.subList(0, turns.size() - TURNS_MAX).clear();
        }
        var request = Map.of("model", name, "messages", turns, "stream", true);
        try (var events = new BufferedReader(new InputStreamReader(api.openChat(request), StandardCharsets.UTF_8))) {
            turns.add(Map.of("role", "assistant", "content", answer(api, events)));
        } catch (IOException e) {
            throw CommandException.failed("The answer broke off (" + e.getMessage() + "). Ask again.");
        }
    }

    private String answer(ApiClient api, BufferedReader events) throws IOException {
        var answer = new StringBuilder();
        try {
            for (var line = events.readLine(); line != null; line = events.readLine()) {
                var data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
                if (data.equals("[DONE]")) {
                    return answer.toString();
                }
                if (!data.isEmpty()) {
                    answer.append(piece(api, data));
                }
            }
            throw new IOException("it has no end");
        } finally {
            out.println();
        }
    }

    private String piece(ApiClient api, String data) {
        var event = api.parse(data);
        var error = event.path("error").path("message").asString("");
        if (!error.isEmpty()) {
            throw CommandException.failed(error);
        }
        var piece = event.path("choices").path(0).path("delta").path("content").asString("");
        out.print(piece);
        out.flush();
        return piece;
    }
}
