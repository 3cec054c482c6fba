package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.agent.AgentMessages.Failure;
import dev.leasehold.deploy.agent.AgentMessages.Heartbeat;
import dev.leasehold.deploy.agent.AgentMessages.Leave;
import dev.leasehold.deploy.agent.AgentMessages.Register;
import dev.leasehold.deploy.agent.AgentMessages.Registered;
import dev.leasehold.deploy.agent.AgentMessages.Wishes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;

/** Asks the gateway, as docs/protocols/agent.md says. Every call has a deadline. */
final class GatewayClient {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final Duration LEAVE_MAX = Duration.ofSeconds(3);
    private static final long ANSWER_BYTES_MAX = 1 << 20;
    private static final int NO_CONTENT = 204;

    private final URI gateway;
    private final Path tokenFile;
    private final HttpClient http;

    GatewayClient(URI gateway, Path tokenFile) {
        this.gateway = gateway;
        this.tokenFile = tokenFile;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_MAX)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    Registered register(Register message) throws GatewayException, InterruptedException {
        return read(post("register", "application/json", AgentMessages.write(message), ANSWER_MAX), Registered.class);
    }

    Wishes heartbeat(Heartbeat message) throws GatewayException, InterruptedException {
        var deadline = ANSWER_MAX.plusMillis(message.waitMs());
        return read(post("heartbeat", "application/json", AgentMessages.write(message), deadline), Wishes.class);
    }

    void leave(Leave message) throws GatewayException, InterruptedException {
        post("leave", "application/json", AgentMessages.write(message), LEAVE_MAX);
    }

    void log(UUID lease, RunnerLog.Piece piece) throws GatewayException, InterruptedException {
        var path = "leases/" + lease + "/log?offset=" + piece.offset();
        post(path, "text/plain; charset=utf-8", piece.bytes(), ANSWER_MAX);
    }

    private byte[] post(String path, String contentType, byte[] body, Duration deadline)
            throws GatewayException, InterruptedException {
        var request = HttpRequest.newBuilder(gateway.resolve("/agent/v1/" + path))
                .timeout(deadline)
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
            if (answer.statusCode() == 200 || answer.statusCode() == NO_CONTENT) {
                return answer.body();
            }
            throw refused(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw GatewayException.away(reason(e));
        }
    }

    private static GatewayException refused(int status, byte[] body) {
        try {
            var fault =
                    Optional.ofNullable(AgentMessages.read(body, Failure.class).error());
            var message = fault.map(AgentMessages.Fault::message).orElse("status " + status);
            return GatewayException.answered(
                    status, fault.map(AgentMessages.Fault::code).orElse(null), message);
        } catch (JacksonException _) {
            return GatewayException.answered(status, null, "status " + status);
        }
    }

    private static <T> T read(byte[] body, Class<T> type) throws GatewayException {
        try {
            return AgentMessages.read(body, type);
        } catch (JacksonException e) {
            throw GatewayException.away("its answer cannot be read: " + e.getOriginalMessage());
        }
    }

    private static String reason(IOException e) {
        if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
            return "nothing answers there";
        }
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }

    /** Read each time, so that a new token counts without a restart. */
    private String token() {
        try {
            var token = Files.readString(tokenFile).strip();
            if (token.matches("[!-~]{1,512}")) {
                return token;
            }
        } catch (IOException e) {
            throw new AgentException(
                    "The join token in " + tokenFile + " cannot be read (" + e.getMessage()
                            + "). Name the gateway's file with --token-file.",
                    e);
        }
        throw new AgentException(
                "The file " + tokenFile + " holds no join token. Name the gateway's with --token-file.");
    }
}
