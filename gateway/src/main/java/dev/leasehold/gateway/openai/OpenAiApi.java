package dev.leasehold.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import dev.leasehold.gateway.routing.RouteTable;
import java.net.URLDecoder;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The OpenAI API: finds the endpoint, admits the caller, and has the request answered. */
public final class OpenAiApi implements ChatRelay {
    private static final Logger log = LoggerFactory.getLogger(OpenAiApi.class);
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final String MODELS = "/v1/models";
    private static final String CONSOLE = "console";

    private final Callers callers;
    private final ModelRequest.Tools tools;
    private final ModelList models;

    OpenAiApi(Callers callers, ModelRequest.Tools tools) {
        this.callers = callers;
        this.tools = tools;
        this.models = new ModelList(tools.routes());
    }

    static ApiFailure unknownModel(String name) {
        return ApiFailure.of(
                Fault.MODEL_NOT_FOUND,
                "model",
                "The model \"" + name + "\" does not exist. GET /v1/models lists those that are deployed.");
    }

    static RouteTable.Snapshot requireRead(RouteTable.Snapshot routes) {
        if (!routes.isRead()) {
            throw ApiFailure.of(
                    Fault.UNAVAILABLE, "The gateway does not know its models yet, since the database does not answer.");
        }
        return routes;
    }

    /** Answers one request, whatever happens. */
    public void serve(Exchange exchange) {
        try {
            answer(exchange);
        } catch (ApiFailure failure) {
            refuse(exchange, failure);
        } catch (ClientGoneException e) {
            log.debug("Request {}: {}", exchange.requestId(), e.getMessage());
        } catch (RuntimeException e) {
            failed(exchange, e);
        }
    }

    private void answer(Exchange exchange) throws ClientGoneException {
        var path = exchange.path();
        var endpoint = Endpoint.at(path);
        if (endpoint.isPresent()) {
            requireMethod(exchange, "POST");
            var key = callers.require(exchange);
            new ModelRequest(endpoint.get(), exchange, tools).answer(key.toString());
        } else if (path.equals(MODELS)) {
            requireMethod(exchange, "GET");
            callers.require(exchange);
            exchange.answer(200, JSON, models.all());
        } else if (path.startsWith(MODELS + "/")) {
            requireMethod(exchange, "GET");
            callers.require(exchange);
            exchange.answer(200, JSON, models.one(decoded(path.substring(MODELS.length() + 1))));
        } else {
            throw ApiFailure.of(
                    Fault.UNKNOWN_PATH,
                    "There is nothing at " + path + ". The API is under /v1: chat/completions, completions, embeddings"
                            + " and models.");
        }
    }

    private static void requireMethod(Exchange exchange, String method) {
        if (!exchange.method().equals(method)) {
            throw ApiFailure.with(
                    Fault.METHOD_NOT_ALLOWED,
                    "allow",
                    method,
                    exchange.path() + " takes " + method + ", not " + exchange.method() + ".");
        }
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException _) {
            return segment;
        }
    }

    @Override
    public void chat(Exchange exchange) {
        try {
            new ModelRequest(Endpoint.CHAT, exchange, tools).answer(CONSOLE);
        } catch (RuntimeException e) {
            failed(exchange, e);
        }
    }

    private static void failed(Exchange exchange, RuntimeException e) {
        log.error("Request {} failed.", exchange.requestId(), e);
        refuse(
                exchange,
                ApiFailure.of(Fault.INTERNAL, "The gateway failed; its log says why, under the request's id."));
    }

    private static void refuse(Exchange exchange, ApiFailure failure) {
        try {
            if (exchange.hasBegun()) {
                exchange.cut();
            } else {
                exchange.answer(failure.fault().status(), failure.headers(), failure.json());
            }
        } catch (ClientGoneException e) {
            log.debug("Request {}: {}", exchange.requestId(), e.getMessage());
        }
    }
}
