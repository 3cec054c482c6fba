package dev.leasehold.runner.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.runner.serving.Generation;
import dev.leasehold.runner.serving.Generation.Event;
import dev.leasehold.runner.serving.Generation.FinishReason;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.GenerationRequest.Sampling;
import dev.leasehold.runner.serving.ServedModel.BusyException;
import dev.leasehold.runner.serving.ServedModel.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GenerationEngineTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Test
    void everyRequestIsAnsweredThoughThereAreMoreThanSlots() throws Exception {
        try (var engine = engine(new FakeModel(3).free())) {
            var generations = IntStream.range(0, 20)
                    .mapToObj(first -> engine.generate(request(first % 5 == 0 ? 1 : 300, first, 10)))
                    .toList();

            for (var first = 0; first < generations.size(); first++) {
                var events = read(generations.get(first));
                assertThat(text(events)).startsWith((first + 1) + " " + (first + 2) + " ");
                assertThat(events.getLast()).isEqualTo(new Event.Finished(0, FinishReason.LENGTH, 10));
            }
        }
    }

    @Test
    void aCancelledSequenceFreesItsSlot() throws Exception {
        var model = new FakeModel(1);
        try (var engine = engine(model)) {
            var first = engine.generate(request(1, 10, 500));
            var second = engine.generate(request(1, 50, 2));
            model.steps.release();
            first.next(DEADLINE);

            first.close();
            model.steps.release(10);

            assertThat(text(read(second))).isEqualTo("51 52 ");
            await(() -> engine.load().running() == 0);
            assertThat(engine.load()).isEqualTo(new Load(0, 0, 1));
            model.free();
        }
    }

    @Test
    void aFailedStepFailsWhatRanAndTheEngineGoesOn() throws Exception {
        var model = new FakeModel(2);
        model.failing.add(0);
        try (var engine = engine(model)) {
            var failed = engine.generate(request(1, 10, 5));
            model.free();

            assertThat(read(failed)).singleElement().isInstanceOf(Event.Failed.class);
            assertThat(text(read(engine.generate(request(4, 20, 2))))).isEqualTo("21 22 ");
        }
    }

    @Test
    void anEngineWhoseStepsAllFailStopsAndSaysSo() throws Exception {
        var model = new FakeModel(2).free();
        model.failing.addAll(List.of(0, 1, 2));
        try (var engine = engine(model)) {
            for (var attempt = 0; attempt < 3; attempt++) {
                assertThat(read(engine.generate(request(1, 10, 5))))
                        .singleElement()
                        .isInstanceOf(Event.Failed.class);
            }
            await(() -> model.closed);

            assertThatIllegalStateException()
                    .isThrownBy(() -> engine.generate(request(1, 10, 5)))
                    .withMessageContaining("3 steps in a row failed");
        }
    }

    @Test
    void aFullWaitingRoomTurnsAway() {
        var model = new FakeModel(1);
        try (var engine = engine(model)) {
            engine.generate(new GenerationRequest(new int[] {1}, 60, 5, List.of(), false, new Sampling(0, 1, 0)));

            assertThatThrownBy(() -> engine.generate(
                            new GenerationRequest(new int[] {1}, 20, 5, List.of(), false, new Sampling(0, 1, 0))))
                    .isInstanceOf(BusyException.class);
            model.free();
        }
    }

    @Test
    void closingFailsWhatStillRuns() throws Exception {
        var model = new FakeModel(1).free();
        var engine = engine(model);
        var generation = engine.generate(request(1, 10, 999));

        engine.close();

        var events = read(generation);
        assertThat(events.getLast()).isInstanceOfAny(Event.Failed.class, Event.Finished.class);
    }

    private static GenerationEngine engine(FakeModel model) {
        return new GenerationEngine(model, new FakeModel.Numbers(), Set.of());
    }

    private static GenerationRequest request(int promptTokens, int last, int maxTokens) {
        var prompt = new int[promptTokens];
        prompt[promptTokens - 1] = last;
        return new GenerationRequest(prompt, 1, maxTokens, List.of(), false, new Sampling(0, 1, 0));
    }

    private static List<Event> read(Generation generation) throws InterruptedException {
        var events = new ArrayList<Event>();
        for (var event = generation.next(DEADLINE); event.isPresent(); event = generation.next(DEADLINE)) {
            events.add(event.get());
        }
        return events;
    }

    private static String text(List<Event> events) {
        var text = new StringBuilder();
        for (var event : events) {
            if (event instanceof Event.Text piece) {
                text.append(piece.text());
            }
        }
        return text.toString();
    }

    private static void await(BooleanSupplier condition) {
        var deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
