package dev.leasehold.runner.generation;

import dev.leasehold.runner.generation.Scheduler.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out one step on the model and hands each sequence its scores. */
final class Steps {
    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final TokenModel model;
    private final float[][] logits;

    Steps(TokenModel model) {
        this.model = model;
        this.logits = new float[Math.max(model.slots(), TokenModel.ROWS_MIN)][model.vocabularySize()];
    }

    void run(Work work, Scheduler scheduler) {
        switch (work) {
            case Work.Prefill(var sequence, var chunk) -> prefill(sequence, chunk);
            case Work.Decode(var rows) -> decode(rows, scheduler);
            case Work.Idle _ -> {}
        }
    }

    private void prefill(Sequence sequence, int[] chunk) {
        model.prefill(sequence.slot(), sequence.position(), chunk, logits[0]);
        sequence.advance(chunk.length);
        if (!sequence.prefilling()) {
            draw(sequence, logits[0]);
        }
    }

    private void decode(List<@Nullable Sequence> rows, Scheduler scheduler) {
        var tokens = new int[rows.size()];
        var positions = new int[rows.size()];
        for (var row = 0; row < tokens.length; row++) {
            var sequence = rows.get(row);
            tokens[row] = sequence == null ? 0 : sequence.next();
            positions[row] = sequence == null ? scheduler.dummyPosition(row) : sequence.position();
        }
        model.decode(tokens, positions, logits);
        for (var row = 0; row < tokens.length; row++) {
            var sequence = rows.get(row);
            if (sequence != null) {
                sequence.advance(1);
                draw(sequence, logits[row]);
            }
        }
    }

    /** What goes wrong with one answer's text is not the others' fault. */
    private static void draw(Sequence sequence, float[] scores) {
        if (sequence.answer().over()) {
            return;
        }
        try {
            sequence.follow(sequence.answer().draw(scores));
        } catch (RuntimeException e) {
            LOG.error("An answer failed.", e);
            sequence.answer().events().failed("The answer failed: " + e.getMessage());
        }
    }
}
