package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds who answers a request, and answers what fails. */
final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final String ARTIFACTS = "/artifacts/";

    /** Answers one kind of request. Blocks. */
    interface Endpoint {
        void answer(Exchange exchange) throws IOException;
    }

    private final Identity identity;
    private final ModelHost host;
    private final ServerLimits limits;
    private final Map<String, Map<String, Endpoint>> byPath;
    private final Map<String, Endpoint> artifacts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int running;

    Router(RunnerServer.Parts parts, ModelHost host, ServerLimits limits) {
        this.identity = parts.identity();
        this.host = host;
        this.limits = limits;
        var metrics = new Metrics();
        var basics = new BasicEndpoints(identity, host, parts.version(), metrics);
        var models = new ModelEndpoint(host, parts.store());
        var answers = new Answers(host, metrics, parts.clock(), parts.random(), limits.keepAlive());
        var artifact = new ArtifactEndpoint(parts.store());
        this.artifacts = Map.of("HEAD", artifact::head, "PUT", artifact::put);
        var paths = new HashMap<String, Map<String, Endpoint>>();
        paths.put("/health", Map.of("GET", basics::health));
        paths.put("/challenge", Map.of("POST", basics::challenge));
        paths.put("/ready", Map.of("GET", basics::ready));
        paths.put("/metrics", Map.of("GET", basics::metrics));
        paths.put("/model", Map.of("PUT", models::put));
        paths.put("/v1/chat/completions", Map.of("POST", new ChatEndpoint(host, answers)::answer));
        paths.put("/v1/completions", Map.of("POST", new CompletionEndpoint(host, answers)::answer));
        paths.put("/v1/embeddings", Map.of("POST", new EmbeddingEndpoint(host, metrics)::answer));
        this.byPath = Map.copyOf(paths);
    }

    /** Answers one request, whatever happens. */
    void serve(Exchange exchange) {
        count(1);
        try {
            find(exchange).answer(exchange);
        } catch (HttpFailure failure) {
            refuse(exchange, failure);
        } catch (ClientGoneException e) {
            LOG.debug("A client left: {}", e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.error("{} {} failed.", exchange.method(), exchange.path(), e);
            refuse(exchange, HttpFailure.of(500, "server_error", "The runner failed; its log says why."));
        } finally {
            count(-1);
        }
    }

    private Endpoint find(Exchange exchange) {
        var path = exchange.path();
        var isOpen = path.equals("/health") || path.equals("/challenge");
        if (!isOpen && !identity.accepts(exchange.header("Authorization"))) {
            throw HttpFailure.coded(
                    401, "invalid_request_error", "The lease's token is missing or wrong.", null, "invalid_api_key");
        }
        var methods = path.startsWith(ARTIFACTS) ? artifacts : byPath.get(path);
        if (methods == null) {
            throw HttpFailure.of(404, "invalid_request_error", "There is nothing at " + path + ".");
        }
        var endpoint = methods.get(exchange.method());
        if (endpoint == null) {
            var allowed = String.join(", ", methods.keySet().stream().sorted().toList());
            throw HttpFailure.methodNotAllowed(exchange.method(), path, allowed);
        }
        if (host.isStopping() && !List.of("/health", "/ready", "/metrics").contains(path)) {
            throw HttpFailure.later(503, "server_error", "This runner is stopping.");
        }
        return endpoint;
    }

    private static void refuse(Exchange exchange, HttpFailure failure) {
        try {
            if (exchange.hasBegun()) {
                exchange.write("data: " + Json.write(failure.body()) + "\n\n");
                exchange.cut();
                return;
            }
            exchange.answer(
                    failure.status(), Json.TYPE, Json.write(failure.body()).getBytes(UTF_8), failure.headers());
        } catch (IOException e) {
            LOG.debug("A client left before it heard of its failure: {}", e.getMessage());
        }
    }

    private void count(int change) {
        lock.lock();
        try {
            running += change;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no request runs, or the time for that is over. */
    void awaitIdle() {
        lock.lock();
        try {
            long left = limits.drainMax().toNanos();
            while (running > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
