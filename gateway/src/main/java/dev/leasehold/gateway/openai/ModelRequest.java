package dev.leasehold.gateway.openai;

import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import dev.leasehold.gateway.routing.RouteTable;
import dev.leasehold.gateway.stream.BodyRelay;
import dev.leasehold.gateway.stream.ClientWatch;
import dev.leasehold.gateway.stream.Outcome;
import dev.leasehold.gateway.stream.Relay;
import dev.leasehold.gateway.stream.RunnerRequest;
import dev.leasehold.gateway.stream.TokenRelay;
import dev.leasehold.gateway.stream.Usage;
import dev.leasehold.gateway.usage.TrafficMeter;
import dev.leasehold.gateway.usage.TrafficMeter.Served;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request to a model, from its body to its last token; for one thread. */
final class ModelRequest {
    private static final Logger log = LoggerFactory.getLogger(ModelRequest.class);

    /** What logs and meters say of a client that left before it had its answer; nginx's number for it. */
    private static final int CLIENT_GONE = 499;

    private final Endpoint endpoint;
    private final Exchange exchange;
    private final Tools tools;
    private final long begin = System.nanoTime();
    private Optional<Served> served = Optional.empty();
    private Duration timeToFirstToken = Duration.ZERO;
    private Usage usage = Usage.NONE;
    private int status = Fault.INTERNAL.status();

    /** What all requests share. */
    record Tools(RouteTable routes, Failover failover, TrafficMeter meter) {}

    ModelRequest(Endpoint endpoint, Exchange exchange, Tools tools) {
        this.endpoint = endpoint;
        this.exchange = exchange;
        this.tools = tools;
    }

    /** Answers it, whatever happens; {@code caller} is for the log. */
    void answer(String caller) {
        try {
            relay();
        } catch (ClientGoneException _) {
            status = CLIENT_GONE;
        } finally {
            account(caller);
        }
    }

    private void relay() throws ClientGoneException {
        Relay relay = new BodyRelay(exchange, this::firstToken);
        try {
            var scan = RequestScan.of(exchange.body());
            admit(scan.model());
            if (endpoint.isStreamed()) {
                relay = scan.wantsStream()
                        ? TokenRelay.streaming(exchange, scan.wantsUsage(), this::firstToken)
                        : TokenRelay.gathering(exchange, this::firstToken);
            }
            var body = endpoint.isStreamed() ? scan.streamingBody() : scan.body();
            var request = new RunnerRequest(endpoint.path(), body, exchange.requestId(), endpoint.silenceMax());
            var attempts = tools.failover().new Attempts(scan.model(), new ClientWatch(exchange));
            conclude(attempts.run(request, relay));
        } catch (ApiFailure failure) {
            refuse(failure, relay);
        }
    }

    private void admit(String model) {
        var route = OpenAiApi.requireRead(tools.routes().now())
                .find(model)
                .orElseThrow(() -> OpenAiApi.unknownModel(model));
        served = Optional.of(new Served(endpoint.operation(), model));
        if (route.task() != endpoint.task()) {
            throw ApiFailure.of(
                    Fault.INVALID_REQUEST,
                    "model",
                    switch (route.task()) {
                        case CHAT -> model + " writes text: ask /v1/chat/completions or /v1/completions.";
                        case EMBEDDING -> model + " turns text into vectors: ask /v1/embeddings.";
                    });
        }
    }

    private void firstToken() {
        timeToFirstToken = Duration.ofNanos(System.nanoTime() - begin);
    }

    private void conclude(Outcome outcome) throws ClientGoneException {
        switch (outcome) {
            case Outcome.Complete(var counted) -> {
                usage = counted;
                status = 200;
            }
            case Outcome.Refused refused -> {
                status = refused.status();
                var headers = new HashMap<String, String>();
                headers.put("content-type", "application/json");
                refused.retryAfter().ifPresent(seconds -> headers.put("retry-after", seconds));
                exchange.answer(status, headers, refused.body());
            }
            case Outcome.ClientGone _ -> status = CLIENT_GONE;
            case Outcome.Lost lost -> throw new IllegalStateException("Nobody took over: " + lost.why());
        }
    }

    private void refuse(ApiFailure failure, Relay relay) throws ClientGoneException {
        status = failure.fault().status();
        if (exchange.hasBegun()) {
            relay.breakOff(failure.json());
        } else {
            exchange.answer(status, failure.headers(), failure.json());
        }
    }

    private void account(String caller) {
        var took = Duration.ofNanos(System.nanoTime() - begin);
        served.ifPresent(known -> {
            tools.meter().request(known, status, took);
            tools.meter().tokens(known, usage.promptTokens(), usage.completionTokens());
            if (timeToFirstToken.isPositive()) {
                tools.meter().timeToFirstToken(known, timeToFirstToken);
            }
        });
        log.info(
                "{} {} model={} key={} status={} prompt_tokens={} completion_tokens={} ttft_ms={} ms={}",
                exchange.requestId(),
                endpoint.path(),
                served.map(Served::deployment).orElse("-"),
                caller,
                status,
                usage.promptTokens(),
                usage.completionTokens(),
                timeToFirstToken.toMillis(),
                took.toMillis());
    }
}
