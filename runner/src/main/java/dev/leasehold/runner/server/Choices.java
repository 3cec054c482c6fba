package dev.leasehold.runner.server;

import dev.leasehold.runner.serving.Generation;
import dev.leasehold.runner.serving.Generation.Event;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The choices of all prompts of a request, numbered through: those of the first prompt, then the second's. */
final class Choices implements AutoCloseable {
    /** How long one of several generations is waited for while the others may have something. */
    private static final Duration TURN = Duration.ofMillis(2);

    private final List<Part> parts = new ArrayList<>();
    private final int perPrompt;
    private int turn;

    /** The generation of one prompt. */
    private static final class Part {
        private final Generation generation;
        private final int first;
        private int open;

        private Part(Generation generation, int first, int open) {
            this.generation = generation;
            this.first = first;
            this.open = open;
        }
    }

    private Choices(int perPrompt) {
        this.perPrompt = perPrompt;
    }

    /** Queues all of them or none. */
    static Choices generate(ServedModel.Writer writer, List<GenerationRequest> requests) {
        var choices = new Choices(requests.getFirst().choices());
        try {
            requests.forEach(request -> choices.add(writer.generate(request)));
            return choices;
        } catch (RuntimeException e) {
            choices.close();
            throw e;
        }
    }

    private void add(Generation generation) {
        parts.add(new Part(generation, parts.size() * perPrompt, perPrompt));
    }

    int count() {
        return parts.size() * perPrompt;
    }

    /** The next event of any choice, or nothing within about the time. */
    Optional<Event> next(Duration timeout) throws InterruptedException {
        var open = parts.stream().filter(part -> part.open > 0).toList();
        if (open.size() == 1) {
            return next(open.getFirst(), timeout);
        }
        for (int tried = 0; tried < open.size(); tried++) {
            turn = (turn + 1) % open.size();
            var event = next(open.get(turn), tried == 0 ? TURN : Duration.ZERO);
            if (event.isPresent()) {
                return event;
            }
        }
        return Optional.empty();
    }

    private static Optional<Event> next(Part part, Duration timeout) throws InterruptedException {
        return part.generation.next(timeout).map(event -> numbered(part, event));
    }

    private static Event numbered(Part part, Event event) {
        return switch (event) {
            case Event.Text(var choice, var text, var tokens) -> new Event.Text(part.first + choice, text, tokens);
            case Event.Finished(var choice, var reason, var tokens) -> {
                part.open--;
                yield new Event.Finished(part.first + choice, reason, tokens);
            }
            case Event.Failed failed -> failed;
        };
    }

    @Override
    public void close() {
        parts.forEach(part -> part.generation.close());
    }
}
