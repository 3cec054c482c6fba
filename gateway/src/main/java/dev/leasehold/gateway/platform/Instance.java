package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Properties;

/**
 * What a running {@code up} tells the other commands about itself.
 *
 * @param apiUrl where the OpenAI API is, without {@code /v1}
 * @param ready whether everything that shall run has come up once
 */
public record Instance(ProcessMark process, String apiUrl, String consoleUrl, boolean ready) {
    /** The last one that was started in this home; it may have ended since. */
    public static Optional<Instance> of(Home home) {
        var properties = new Properties();
        try (var file = Files.newBufferedReader(home.instance())) {
            properties.load(file);
            var process = new ProcessMark(
                    Long.parseLong(properties.getProperty("pid")), Long.parseLong(properties.getProperty("started")));
            return Optional.of(new Instance(
                    process,
                    properties.getProperty("api_url", ""),
                    properties.getProperty("console_url", ""),
                    Boolean.parseBoolean(properties.getProperty("ready"))));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    Instance asReady() {
        return new Instance(process, apiUrl, consoleUrl, true);
    }

    void store(Home home) {
        var properties = new Properties();
        properties.setProperty("pid", Long.toString(process.pid()));
        properties.setProperty("started", Long.toString(process.startTicks()));
        properties.setProperty("api_url", apiUrl);
        properties.setProperty("console_url", consoleUrl);
        properties.setProperty("ready", Boolean.toString(ready));
        try {
            var text = new StringWriter();
            properties.store(text, null);
            Home.replace(home.instance(), text.toString());
        } catch (IOException e) {
            throw home.unwritable(e);
        }
    }

    static void forget(Home home) {
        try {
            Files.deleteIfExists(home.instance());
        } catch (IOException e) {
            throw home.unwritable(e);
        }
    }
}
