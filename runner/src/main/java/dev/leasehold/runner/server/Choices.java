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
    private final List<Generation> generations;
    private final int perPrompt;
    private int turn;

    private Choices(List<Generation> generations, int perPrompt) {
        this.generations = generations;
        this.perPrompt = perPrompt;
    }

    /** Queues all of them or none. */
    static Choices generate(ServedModel.Writer writer, List<GenerationRequest> requests) {
        var choices = new Choices(new ArrayList<>(), requests.getFirst().choices());
        try {
            requests.forEach(request -> choices.generations.add(writer.generate(request)));
            return choices;
        } catch (RuntimeException e) {
            choices.close();
            throw e;
        }
    }

    int count() {
        return generations.size() * perPrompt;
    }

    /** The next event of any choice, or nothing within about the time. */
    Optional<Event> next(Duration timeout) throws InterruptedException {
        for (int tried = 0; tried < generations.size(); tried++) {
            turn = (turn + 1) % generations.size();
            var wait = tried == generations.size() - 1 ? timeout : Duration.ZERO;
            var event = generations.get(turn).next(wait);
            if (event.isPresent()) {
                return Optional.of(numbered(event.get()));
            }
        }
        return Optional.empty();
    }

    private Event numbered(Event event) {
        int offset = turn * perPrompt;
        return switch (event) {
            case Event.Text(var choice, var text, var tokens) -> new Event.Text(offset + choice, text, tokens);
            case Event.Finished(var choice, var reason, var tokens) ->
                new Event.Finished(offset + choice, reason, tokens);
            case Event.Failed failed -> failed;
        };
    }

    @Override
    public void close() {
        generations.forEach(Generation::close);
    }
}
