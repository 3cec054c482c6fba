package dev.leasehold.gateway;

import dev.leasehold.gateway.cli.LeaseholdCommand;
import dev.leasehold.gateway.platform.TrainingPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Does once what a start does, on a database and ports of its own, so that the cache which the JVM writes meanwhile
 * holds the classes that starts need ({@code -XX:AOTCacheOutput}; the launcher script calls it).
 */
final class Training {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final String CHAT = "{\"model\": \"none\", \"stream\": true, \"messages\": []}";

    private Training() {}

    /** Trains, and gives the exit code. */
    static int run() {
        var silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (var help : List.of(List.of("--help"), List.of("up", "--help"), List.of("status", "--help"))) {
            LeaseholdCommand.run(
                    help.toArray(String[]::new), LocalGateway::launch, InputStream.nullInputStream(), silent, silent);
        }
        try (var platform = TrainingPlatform.start(LocalGateway::launch)) {
            var http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(ANSWER_MAX)
                    .build();
            for (var path : List.of("/", "/api/models", "/api/deployments", "/api/providers", "/api/keys")) {
                ask(http, platform, platform.consoleUrl() + path, "");
            }
            ask(http, platform, platform.apiUrl() + "/v1/models", "");
            ask(http, platform, platform.apiUrl() + "/v1/chat/completions", CHAT);
            return 0;
        } catch (IOException e) {
            System.err.println("The training failed: " + e.getMessage());
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void ask(HttpClient http, TrainingPlatform platform, String url, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(ANSWER_MAX)
                .header("Authorization", "Bearer " + platform.apiKey())
                .header("Content-Type", "application/json");
        var sent = body.isEmpty() ? request.GET() : request.POST(HttpRequest.BodyPublishers.ofString(body));
        http.send(sent.build(), BodyHandlers.discarding());
    }
}
