package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts processes in a session of their own: Ctrl-C in the terminal reaches us alone, and we stop them in order. */
final class Session {
    /** Children carry the home in this variable, so that they are found after a crash of the process above them. */
    static final String MARK = "LEASEHOLD_CHILD_OF";

    private static final long LOG_BYTES_MAX = 10L << 20;

    private Session() {}

    static Process start(Home home, List<String> command, Path log) {
        try {
            keepSmall(log);
            var inSession = new ArrayList<String>(command.size() + 1);
            inSession.add("setsid");
            inSession.addAll(command);
            var builder = new ProcessBuilder(inSession)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            prepare(builder.environment(), home);
            return builder.start();
        } catch (IOException e) {
            throw new PlatformException(
                    "A process could not be started (" + e.getMessage()
                            + "). Leasehold needs the command setsid (Debian package util-linux).",
                    e);
        }
    }

    /** Marks a child as one of this home, and keeps from it what it need not know. */
    static void prepare(Map<String, String> environment, Home home) {
        environment.put(MARK, home.root().toString());
        environment.remove("LEASEHOLD_API_KEY");
        environment.remove("LEASEHOLD_DATABASE_PASSWORD");
    }

    private static void keepSmall(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
