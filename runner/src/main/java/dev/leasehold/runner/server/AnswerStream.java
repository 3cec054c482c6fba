package dev.leasehold.runner.server;

import dev.leasehold.runner.serving.Generation.Event;
import dev.leasehold.runner.serving.ServedModel.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One answer on its way from the engine to the client. */
final class AnswerStream {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerStream.class);
    /** How often a wait looks whether the client is still there. */
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final Exchange exchange;
    private final Choices choices;
    private final AnswerFormat format;
    private final Metrics.Measure measure;
    private final Supplier<Load> load;
    private int completionTokens;

    AnswerStream(
            Exchange exchange, Choices choices, AnswerFormat format, Metrics.Measure measure, Supplier<Load> load) {
        this.exchange = exchange;
        this.choices = choices;
        this.format = format;
        this.measure = measure;
        this.load = load;
    }

    /** Sends the answer as events. */
    void events(int promptTokens, boolean includeUsage, Duration keepAlive) throws IOException {
        Set<Integer> opened = new HashSet<>();
        for (int open = choices.count(); open > 0; ) {
            var event = awaitWithComments(keepAlive);
            if (event instanceof Event.Failed(var message)) {
                throw failed(message);
            }
            beginOnce();
            open -= send(event, opened);
        }
        if (includeUsage) {
            send(format.usage(AnswerFormat.Usage.of(promptTokens, completionTokens)));
        }
        exchange.write("data: [DONE]\n\n");
        exchange.endEvents();
    }

    /** Sends what an event says, and tells how many choices it ended. */
    private int send(Event event, Set<Integer> opened) throws IOException {
        return switch (event) {
            case Event.Text text -> {
                open(text.choice(), opened);
                if (!text.text().isEmpty()) {
                    send(format.text(text.choice(), text.text()));
                }
                yield 0;
            }
            case Event.Finished(var choice, var reason, var tokens) -> {
                open(choice, opened);
                completionTokens += tokens;
                measure.finished(nameOf(reason), tokens);
                send(format.finish(choice, nameOf(reason)));
                yield 1;
            }
            case Event.Failed _ -> 0;
        };
    }

    private void open(int choice, Set<Integer> opened) throws IOException {
        measure.firstToken();
        if (opened.add(choice)) {
            var opening = format.opening(choice);
            if (opening.isPresent()) {
                send(opening.get());
            }
        }
    }

    private void send(Object chunk) throws IOException {
        exchange.write("data: " + Json.write(chunk) + "\n\n");
    }

    private void beginOnce() throws IOException {
        if (!exchange.hasBegun()) {
            exchange.beginEvents();
        }
    }

    /** The whole answer, once all choices are complete. */
    Object whole(int promptTokens) throws IOException {
        var texts = new ArrayList<StringBuilder>();
        var reasons = new ArrayList<String>();
        for (int index = 0; index < choices.count(); index++) {
            texts.add(new StringBuilder());
            reasons.add("");
        }
        for (int open = choices.count(); open > 0; ) {
            switch (await(Duration.ofDays(1))) {
                case Event.Text text -> texts.get(text.choice()).append(text.text());
                case Event.Finished(var choice, var reason, var tokens) -> {
                    reasons.set(choice, nameOf(reason));
                    completionTokens += tokens;
                    measure.finished(nameOf(reason), tokens);
                    open--;
                }
                case Event.Failed(var message) -> throw failed(message);
                case null -> LOG.debug("Still waiting for an answer.");
            }
            measure.firstToken();
        }
        List<AnswerFormat.Choice> list = new ArrayList<>();
        for (int index = 0; index < texts.size(); index++) {
            list.add(new AnswerFormat.Choice(texts.get(index).toString(), reasons.get(index)));
        }
        return format.whole(list, AnswerFormat.Usage.of(promptTokens, completionTokens));
    }

    private Event awaitWithComments(Duration keepAlive) throws IOException {
        for (var event = await(keepAlive); ; event = await(keepAlive)) {
            if (event != null) {
                return event;
            }
            beginOnce();
            exchange.write(load.get().waiting() > 0 ? ": waiting\n\n" : ": prefill\n\n");
        }
    }

    /** The next event, or null after the time; the client's leaving ends the wait. */
    private @Nullable Event await(Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (System.nanoTime() - deadline < 0) {
                if (exchange.isGone()) {
                    throw new ClientGoneException("The client left.");
                }
                var event = choices.next(GLANCE);
                if (event.isPresent()) {
                    return event.get();
                }
            }
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException("The server stops.");
        }
    }

    private static String nameOf(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    private static HttpFailure failed(String message) {
        LOG.error("The engine failed: {}", message);
        return HttpFailure.of(500, "server_error", "The engine failed within this answer; the runner's log says why.");
    }
}
