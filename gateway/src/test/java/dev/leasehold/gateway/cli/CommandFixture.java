package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Home;
import dev.leasehold.gateway.platform.PlatformException;
import dev.leasehold.gateway.platform.ProcessMark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Runs commands in a home whose Leasehold is a {@link FakeManagementApi}. */
record CommandFixture(Home home) {
    static final String KEY = "sk-lh-test";

    record Result(int exitCode, String out, String err) {}

    /** A home in which this process runs, at the given URL. */
    CommandFixture runningAt(String url, boolean ready) {
        var self = ProcessMark.of(ProcessHandle.current().pid()).orElseThrow();
        return instance(self, url, ready);
    }

    /** A home whose process is gone. */
    CommandFixture killedAt(String url) {
        return instance(new ProcessMark(ProcessHandle.current().pid(), 1), url, true);
    }

    private CommandFixture instance(ProcessMark process, String url, boolean ready) {
        write("key", KEY + "\n");
        write("up.properties", """
                pid=%d
                started=%d
                api_url=%s
                console_url=%s
                ready=%b
                """.formatted(process.pid(), process.startTicks(), url, url, ready));
        return this;
    }

    void write(String file, String content) {
        try {
            Files.createDirectories(home.root());
            Files.writeString(home.root().resolve(file), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Result run(String... arguments) {
        return runWith("", arguments);
    }

    /** Runs a command that gets a text on its input. */
    Result runWith(String input, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home.root().toString()));
        return execute(input, all.toArray(String[]::new));
    }

    static Result execute(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = LeaseholdCommand.run(
                arguments,
                (_, _) -> {
                    throw new PlatformException("No gateway is started here.");
                },
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
