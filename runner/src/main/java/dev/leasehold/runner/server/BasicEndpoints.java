package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/** Health, challenge, readiness and metrics. */
final class BasicEndpoints {
    private static final int PROTOCOL = 1;
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{64}");

    private final Identity identity;
    private final ModelHost host;
    private final String version;
    private final Metrics metrics;

    BasicEndpoints(Identity identity, ModelHost host, String version, Metrics metrics) {
        this.identity = identity;
        this.host = host;
        this.version = version;
        this.metrics = metrics;
    }

    record Health(String status, int protocol, String version) {}

    void health(Exchange exchange) throws IOException {
        send(exchange, 200, new Health("up", PROTOCOL, version));
    }

    void challenge(Exchange exchange) throws IOException {
        var nonce = Json.readObject(exchange.bodyBytes()).path("nonce").asString("");
        if (!NONCE.matcher(nonce).matches()) {
            throw HttpFailure.invalid("nonce", "A nonce is 32 bytes in lower-case hex.");
        }
        send(exchange, 200, identity.prove(nonce));
    }

    void ready(Exchange exchange) throws IOException {
        var readiness = host.readiness(identity.boot());
        send(exchange, readiness.ready() ? 200 : 503, readiness);
    }

    void metrics(Exchange exchange) throws IOException {
        var text = metrics.text(host.readiness(identity.boot()));
        exchange.answer(200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(UTF_8), Map.of());
    }

    private static void send(Exchange exchange, int status, Object body) throws IOException {
        exchange.answer(status, Json.TYPE, Json.write(body).getBytes(UTF_8), Map.of());
    }
}
