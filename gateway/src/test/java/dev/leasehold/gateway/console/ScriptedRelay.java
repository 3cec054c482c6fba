package dev.leasehold.gateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.gateway.Eventually;
import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import dev.leasehold.gateway.openai.ChatRelay;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/** Answers chat requests with what a test tells it to, when it tells it to. */
final class ScriptedRelay implements ChatRelay {
    private static final long PATIENCE_SECONDS = 60;
    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile String asked = "";
    private volatile CountDownLatch gone = new CountDownLatch(1);

    private sealed interface Step {
        record Piece(String text) implements Step {}

        record Raw(String text) implements Step {}

        record Refuse(int status, String message) implements Step {}

        record Cut() implements Step {}

        record Done(int tokens) implements Step {}
    }

    void piece(String text) {
        steps.add(new Step.Piece(text));
    }

    void raw(String text) {
        steps.add(new Step.Raw(text));
    }

    void refuse(int status, String message) {
        steps.add(new Step.Refuse(status, message));
    }

    void cut() {
        steps.add(new Step.Cut());
    }

    void done(int tokens) {
        steps.add(new Step.Done(tokens));
    }

    /** The body of the last request. */
    String asked() {
        return asked;
    }

    /** Waits until the client of the last request is known to have left. */
    boolean seesThatTheClientLeaves() throws InterruptedException {
        return gone.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the end of all requests, so that none of them takes what is meant for the next one. */
    void forget() {
        Eventually.await("all chats have ended", () -> underWay.get() == 0);
        steps.clear();
        gone = new CountDownLatch(1);
    }

    @Override
    public void chat(Exchange exchange) {
        underWay.incrementAndGet();
        asked = new String(exchange.body(), UTF_8);
        var left = gone;
        exchange.onGone(left::countDown);
        try {
            while (answer(exchange, next(left))) {}
        } catch (ClientGoneException _) {
            // Nobody is there to be told.
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** A relay finds its upstream closed when the client leaves; this one finds that there is no next step. */
    private Step next(CountDownLatch left) {
        try {
            for (long waits = PATIENCE_SECONDS * 20; waits > 0; waits--) {
                var step = steps.poll(50, TimeUnit.MILLISECONDS);
                if (step != null) {
                    return step;
                }
                if (left.getCount() == 0) {
                    return new Step.Cut();
                }
            }
            throw new IllegalStateException("The test told nothing more.");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean answer(Exchange exchange, Step step) throws ClientGoneException {
        switch (step) {
            case Step.Piece(var text) -> {
                var quoted = JSON.writeValueAsString(text);
                send(exchange, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":" + quoted + "}}]}\n\n");
                return true;
            }
            case Step.Raw(var text) -> {
                send(exchange, text);
                return true;
            }
            case Step.Refuse(int status, var message) -> {
                var error = "{\"error\":{\"message\":" + JSON.writeValueAsString(message) + "}}";
                exchange.answer(status, Map.of("Content-Type", "application/json"), error.getBytes(UTF_8));
            }
            case Step.Cut() -> exchange.cut();
            case Step.Done(int tokens) -> {
                send(exchange, "data: {\"choices\":[],\"usage\":{\"completion_tokens\":" + tokens + "}}\n\n");
                send(exchange, "data: [DONE]\n\n");
                exchange.end();
            }
        }
        return false;
    }

    private static void send(Exchange exchange, String text) throws ClientGoneException {
        if (!exchange.hasBegun()) {
            exchange.begin(200, Map.of("Content-Type", "text/event-stream"));
        }
        var bytes = text.getBytes(UTF_8);
        exchange.send(bytes, 0, bytes.length);
    }
}
