package dev.leasehold.runner.onnx;

import dev.leasehold.runner.serving.Generation;
import dev.leasehold.runner.serving.Generation.Event;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The answers of a request, read to their end. */
record Answers(Map<Integer, String> texts, Map<Integer, Event.Finished> ends) {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    static Answers read(Generation generation) throws InterruptedException {
        var answers = new Answers(new TreeMap<>(), new TreeMap<>());
        for (var event = generation.next(DEADLINE); event.isPresent(); event = generation.next(DEADLINE)) {
            switch (event.get()) {
                case Event.Text text -> answers.texts.merge(text.choice(), text.text(), String::concat);
                case Event.Finished end -> answers.ends.put(end.choice(), end);
                case Event.Failed(var message) -> throw new AssertionError(message);
            }
        }
        return answers;
    }

    String text(int choice) {
        return texts.getOrDefault(choice, "");
    }

    Event.Finished end(int choice) {
        var end = ends.get(choice);
        if (end == null) {
            throw new AssertionError("Choice " + choice + " did not end.");
        }
        return end;
    }
}
