package dev.leasehold.runner.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the model does next. Sequences enter free slots in the order they came. While some decode and another's
 * prompt is read, the two take turns, one step and one chunk: nobody waits longer for a token than one chunk takes.
 */
final class Scheduler {
    /** What the model does next. */
    sealed interface Work {
        record Prefill(Sequence sequence, int[] chunk) implements Work {}

        /** One token for each row; a row of null is a dummy. */
        record Decode(List<@Nullable Sequence> rows) implements Work {}

        record Idle() implements Work {}
    }

    static final int CHUNK_MAX = 128;

    private final @Nullable Sequence[] slots;
    private final Deque<Sequence> waiting = new ArrayDeque<>();
    private final Deque<Sequence> prefilling = new ArrayDeque<>();
    private boolean decodeTurn;

    Scheduler(int slots) {
        this.slots = new Sequence[slots];
    }

    void add(Sequence sequence) {
        waiting.add(sequence);
    }

    Work next() {
        admit();
        prefilling.removeIf(sequence -> !sequence.prefilling());
        var reading = prefilling.peek();
        var decoding = Arrays.stream(slots).anyMatch(Scheduler::decodes);
        if (reading != null && !(decoding && decodeTurn)) {
            decodeTurn = true;
            return new Work.Prefill(reading, reading.chunk(CHUNK_MAX));
        }
        decodeTurn = false;
        return decoding ? new Work.Decode(rows()) : new Work.Idle();
    }

    private void admit() {
        for (var slot = 0; slot < slots.length && !waiting.isEmpty(); slot++) {
            if (slots[slot] == null) {
                var sequence = waiting.remove();
                sequence.enter(slot);
                slots[slot] = sequence;
                if (sequence.prefilling()) {
                    prefilling.add(sequence);
                }
            }
        }
    }

    private static boolean decodes(@Nullable Sequence sequence) {
        return sequence != null && !sequence.prefilling();
    }

    /** All slots up to the last that decodes, but never fewer than the model wants. */
    private List<@Nullable Sequence> rows() {
        var rows = new ArrayList<@Nullable Sequence>();
        for (var slot = 0; slot < slots.length; slot++) {
            if (decodes(slots[slot])) {
                while (rows.size() < slot) {
                    rows.add(null);
                }
                rows.add(slots[slot]);
            }
        }
        while (rows.size() < TokenModel.ROWS_MIN) {
            rows.add(null);
        }
        return rows;
    }

    /** Where a dummy row may write without harm: behind what the slot holds. */
    int dummyPosition(int slot) {
        var sequence = slot < slots.length ? slots[slot] : null;
        return sequence == null ? 0 : sequence.position();
    }

    /** Takes out all sequences that match, wherever they are; their slots are free at once. */
    void removeIf(Predicate<Sequence> filter) {
        waiting.removeIf(filter);
        prefilling.removeIf(filter);
        for (var slot = 0; slot < slots.length; slot++) {
            var sequence = slots[slot];
            if (sequence != null && filter.test(sequence)) {
                slots[slot] = null;
            }
        }
    }

    int running() {
        return (int) Arrays.stream(slots).filter(Objects::nonNull).count();
    }

    int waiting() {
        return waiting.size();
    }

    int slots() {
        return slots.length;
    }
}
