package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Home;
import dev.leasehold.gateway.platform.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running Leasehold, and turns its refusals into sentences. */
final class ApiClient {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    /** A chat may wait for its turn and for its prompt to be read before the answer begins. */
    private static final Duration CHAT_BEGINS_MAX = Duration.ofMinutes(10);

    private static final int ERROR_BYTES_MAX = 64 << 10;
    private static final int UNAUTHORIZED = 401;
    private static final int UNAVAILABLE = 503;
    private static final String DEFAULT_API = "http://127.0.0.1:8080";
    private static final String DEFAULT_CONSOLE = "http://127.0.0.1:8081";

    /** Prices keep their digits on the way through. */
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .build();
    private final String apiUrl;
    private final String consoleUrl;
    private final String key;
    private final boolean running;

    private ApiClient(String apiUrl, String consoleUrl, String key, boolean running) {
        this.apiUrl = apiUrl;
        this.consoleUrl = consoleUrl;
        this.key = key;
        this.running = running;
    }

    /** A client for the Leasehold of a home, or for the one that the environment names. */
    static ApiClient of(Home home) {
        return of(home, System.getenv());
    }

    /** Without a running one nobody is asked: on the usual ports may be the Leasehold of another home. */
    static ApiClient of(Home home, Map<String, String> environment) {
        var instance = Instance.of(home).filter(Instance::isRunning);
        var api = url(environment, "LEASEHOLD_API_URL");
        var console = url(environment, "LEASEHOLD_CONSOLE_URL");
        return new ApiClient(
                api.isEmpty() ? instance.map(Instance::apiUrl).orElse(DEFAULT_API) : api.replaceFirst("/v1$", ""),
                console.isEmpty() ? instance.map(Instance::consoleUrl).orElse(DEFAULT_CONSOLE) : console,
                key(home, environment.getOrDefault("LEASEHOLD_API_KEY", "").strip()),
                instance.isPresent() || !api.isEmpty() || !console.isEmpty());
    }

    /** A client for the Leasehold that runs in this process, whatever the environment names. */
    static ApiClient at(String apiUrl, String consoleUrl, Home home) {
        return new ApiClient(apiUrl, consoleUrl, key(home, ""), true);
    }

    private static String url(Map<String, String> environment, String name) {
        var url = environment.getOrDefault(name, "").strip().replaceFirst("/+$", "");
        if (!url.isEmpty() && !url.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?")) {
            throw CommandException.usage(name + " must be a URL such as " + DEFAULT_API + ".");
        }
        return url;
    }

    private static String key(Home home, String named) {
        try {
            return named.isEmpty() && Files.exists(home.key())
                    ? Files.readString(home.key()).strip()
                    : named;
        } catch (IOException e) {
            throw CommandException.failed("The key in " + home.key() + " cannot be read (" + e.getMessage()
                    + "). Be the user who started Leasehold, or set LEASEHOLD_API_KEY.");
        }
    }

    String apiUrl() {
        return apiUrl;
    }

    String consoleUrl() {
        return consoleUrl;
    }

    String key() {
        return key;
    }

    JsonNode get(String path) throws InterruptedException {
        return parse(send(request(consoleUrl + path).GET()));
    }

    JsonNode post(String path, Object body) throws InterruptedException {
        return parse(send(request(consoleUrl + path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(body)))));
    }

    void delete(String path) throws InterruptedException {
        var _ = send(request(consoleUrl + path).DELETE());
    }

    /** Opens an answer that is read while it is being written. */
    InputStream open(String path) throws InterruptedException {
        return stream(request(consoleUrl + path).GET());
    }

    /** Asks the OpenAI API for a streamed answer. */
    InputStream openChat(Object body) throws InterruptedException {
        return stream(request(apiUrl + "/v1/chat/completions")
                .timeout(CHAT_BEGINS_MAX)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(body))));
    }

    JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JacksonException _) {
            throw CommandException.failed(
                    "Leasehold answered something that is not JSON. Does another program listen on " + consoleUrl
                            + "?");
        }
    }

    /** A path segment, with what a path cannot hold escaped. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String url) {
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER_MAX);
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    private String send(HttpRequest.Builder request) throws InterruptedException {
        try (var body = stream(request)) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private InputStream stream(HttpRequest.Builder request) throws InterruptedException {
        if (!running) {
            throw new CommandException(ExitCode.NOT_RUNNING, "Leasehold is not running. Start it with ./leasehold up.");
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() / 100 == 2) {
                return response.body();
            }
            throw refused(response);
        } catch (ConnectException | HttpConnectTimeoutException _) {
            throw new CommandException(
                    ExitCode.NOT_RUNNING,
                    "Leasehold does not answer at " + request.build().uri().getAuthority()
                            + ". Start it with ./leasehold up.");
        } catch (HttpTimeoutException _) {
            throw CommandException.passing("Leasehold took too long to answer. Try again; logs/gateway.log of the home"
                    + " may say what it is busy with.");
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static CommandException broken(IOException e) {
        return CommandException.failed(
                "The connection to Leasehold broke (" + e.getMessage() + "). Ask ./leasehold status.");
    }

    private CommandException refused(HttpResponse<InputStream> response) throws IOException {
        String text;
        try (var body = response.body()) {
            text = new String(body.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
        }
        if (response.statusCode() == UNAUTHORIZED) {
            return CommandException.failed(
                    "The API key was refused. It is taken from LEASEHOLD_API_KEY, else from the file key of the home.");
        }
        var told = sentence(text);
        var sentence = told == null
                ? "Leasehold refused with status " + response.statusCode()
                        + "; logs/gateway.log of the home may say why."
                : told;
        return response.statusCode() == UNAVAILABLE
                ? CommandException.passing(sentence)
                : CommandException.failed(sentence);
    }

    private @Nullable String sentence(String body) {
        try {
            var tree = json.readTree(body);
            var detail = tree.path("detail").asString("");
            var message = tree.path("error").path("message").asString("");
            if (!detail.isEmpty()) {
                return detail;
            }
            return message.isEmpty() ? null : message;
        } catch (JacksonException _) {
            return null;
        }
    }
}
