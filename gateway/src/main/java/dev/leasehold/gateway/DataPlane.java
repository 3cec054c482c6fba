package dev.leasehold.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.deploy.market.fleet.FleetEndpoint;
import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.EdgeLimits;
import dev.leasehold.gateway.edge.EdgeServer;
import dev.leasehold.gateway.edge.Exchange;
import dev.leasehold.gateway.openai.DataSettings;
import dev.leasehold.gateway.openai.OpenAiApi;
import dev.leasehold.gateway.routing.RouteTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** What listens on the data port: the OpenAI API for clients, the fleet market's endpoint for agents. */
final class DataPlane implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(DataPlane.class);
    private static final String AGENTS = "/agent/";
    private static final String HEALTH = "/health";
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    private final DataSettings settings;
    private final OpenAiApi api;
    private final FleetEndpoint fleet;
    private final RouteTable routes;
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable EdgeServer server;

    DataPlane(DataSettings settings, OpenAiApi api, FleetEndpoint fleet, RouteTable routes) {
        this.settings = settings;
        this.api = api;
        this.fleet = fleet;
        this.routes = routes;
    }

    @Override
    public void start() {
        try {
            var address = new InetSocketAddress(settings.address(), settings.port());
            var started = new EdgeServer(address, EdgeLimits.DEFAULT, this::serve, this::requestId);
            server = started;
            log.info("The data plane listens on {}:{}.", settings.address(), started.port());
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    private String requestId() {
        return "req_" + HexFormat.of().toHexDigits(random.nextLong())
                + HexFormat.of().toHexDigits(random.nextLong());
    }

    private void serve(Exchange exchange) {
        if (exchange.path().startsWith(AGENTS)) {
            answer(exchange, this::agent);
        } else if (exchange.path().equals(HEALTH)) {
            answer(exchange, this::health);
        } else {
            api.serve(exchange);
        }
    }

    private interface Answer {
        void to(Exchange exchange) throws ClientGoneException;
    }

    private static void answer(Exchange exchange, Answer answer) {
        try {
            answer.to(exchange);
        } catch (ClientGoneException e) {
            log.debug("{} {}: {}", exchange.method(), exchange.path(), e.getMessage());
        }
    }

    private void agent(Exchange exchange) throws ClientGoneException {
        var path = exchange.query().isEmpty() ? exchange.path() : exchange.path() + "?" + exchange.query();
        var authorization = exchange.header("authorization").orElse(null);
        var answer = fleet.handle(exchange.method(), path, authorization, exchange.body());
        var headers = new HashMap<>(Map.of("content-type", answer.contentType()));
        answer.retryAfter().ifPresent(after -> headers.put("retry-after", Long.toString(after.toSeconds())));
        exchange.answer(answer.status(), headers, answer.body());
    }

    /** For whoever balances load over gateways; needs no key and tells nothing. */
    private void health(Exchange exchange) throws ClientGoneException {
        boolean canRoute = routes.now().isRead();
        var status = canRoute ? "{\"status\":\"up\"}" : "{\"status\":\"starting\"}";
        exchange.answer(canRoute ? 200 : 503, JSON, status.getBytes(UTF_8));
    }

    int port() {
        var running = server;
        return running == null ? settings.port() : running.port();
    }

    /** Lets the answers that are on their way end, for a while. */
    @Override
    public void stop() {
        var running = server;
        if (running == null) {
            return;
        }
        try {
            routes.stop();
            running.drain(settings.drainMax());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            running.close();
            server = null;
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }
}
