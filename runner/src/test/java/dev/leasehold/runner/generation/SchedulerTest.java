package dev.leasehold.runner.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.runner.generation.Scheduler.Work;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.GenerationRequest.Sampling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays the scheduler against random arrivals; no model, no time, one tick per step. */
class SchedulerTest {
    private static final int SLOTS = 4;

    private final Scheduler scheduler = new Scheduler(SLOTS);
    private final Map<Sequence, Integer> remaining = new HashMap<>();
    private final Map<Sequence, Integer> lastStep = new HashMap<>();
    private int tick;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everySequenceEndsAndNoneWaitsLongForItsNextToken(long seed) {
        var random = new Random(seed);
        for (var arrivals = 0; arrivals < 200; arrivals++) {
            var sequence = sequence(1 + random.nextInt(random.nextInt(4) == 0 ? 700 : 20));
            remaining.put(sequence, 1 + random.nextInt(40));
            scheduler.add(sequence);
            for (var steps = random.nextInt(30); steps > 0; steps--) {
                play(scheduler.next());
            }
        }

        while (!remaining.isEmpty()) {
            assertThat(tick).isLessThan(200 * 60);
            play(scheduler.next());
        }
        assertThat(scheduler.next()).isInstanceOf(Work.Idle.class);
    }

    private void play(Work work) {
        tick++;
        switch (work) {
            case Work.Prefill(var sequence, var chunk) -> {
                assertThat(chunk.length).isBetween(TokenModel.CHUNK_MIN, Scheduler.CHUNK_MAX);
                sequence.advance(chunk.length);
                if (!sequence.prefilling()) {
                    token(sequence);
                }
            }
            case Work.Decode(var rows) -> {
                assertThat(rows.size()).isBetween(TokenModel.ROWS_MIN, SLOTS);
                for (var row = 0; row < rows.size(); row++) {
                    var sequence = rows.get(row);
                    if (sequence != null) {
                        assertThat(sequence.slot()).isEqualTo(row);
                        sequence.advance(1);
                        token(sequence);
                    }
                }
            }
            case Work.Idle _ -> {}
        }
    }

    /** One chunk of another's prompt at most lies between two tokens. */
    private void token(Sequence sequence) {
        var before = lastStep.put(sequence, tick);
        if (before != null) {
            assertThat(tick - before).isLessThanOrEqualTo(2);
        }
        if (remaining.merge(sequence, -1, Integer::sum) == 0) {
            remaining.remove(sequence);
            scheduler.removeIf(other -> other == sequence);
        }
    }

    private static Sequence sequence(int promptTokens) {
        var request = new GenerationRequest(new int[promptTokens], 1, 1, List.of(), false, new Sampling(0, 1, 0));
        var events = new EventQueue(request, 1, () -> {});
        return new Sequence(
                request.prompt(), new Answer(events, 0, 1, Set.of(), new FakeModel.Numbers().decoder(new int[0])));
    }
}
