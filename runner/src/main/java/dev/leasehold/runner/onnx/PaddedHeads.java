package dev.leasehold.runner.onnx;

import dev.leasehold.runner.checkpoint.LlamaConfig;
import dev.leasehold.runner.checkpoint.Weights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Widens heads to a multiple of 16 numbers, which ONNX Runtime asks for when it turns them by position. Each half of a
 * head gets zeros at its end: numbers that are turned together stay together, and zeros add nothing to any product.
 */
final class PaddedHeads {
    private static final int MULTIPLE = 16;

    private final LlamaConfig config;
    private final LlamaConfig padded;
    private final Weights weights;

    PaddedHeads(LlamaConfig config, Weights weights) {
        this.config = config;
        this.padded = config.withHeadDim(Math.ceilDiv(config.headDim(), MULTIPLE) * MULTIPLE);
        this.weights = weights;
    }

    /** The shape of the widened model. */
    LlamaConfig config() {
        return padded;
    }

    MemorySegment floats(String name) {
        var floats = weights.floats(name);
        if (padded.headDim() == config.headDim()) {
            return floats;
        }
        if (name.endsWith(".o_proj.weight")) {
            return spread(floats, config.hiddenSize(), config.queryWidth(), 1);
        }
        if (name.endsWith(".q_proj.weight") || name.endsWith(".k_proj.weight") || name.endsWith(".v_proj.weight")) {
            var width = floats.byteSize() / Float.BYTES / config.hiddenSize();
            return spread(floats, 1, width, config.hiddenSize());
        }
        return floats;
    }

    /** Copies {@code [outer, heads, inner]} into a matrix with room for the wider heads. */
    private MemorySegment spread(MemorySegment from, int outer, long heads, int inner) {
        var wide = heads / config.headDim() * padded.headDim();
        var to = weights.allocateFloats(outer * wide * inner);
        for (var row = 0L; row < outer; row++) {
            for (var at = 0L; at < heads; at++) {
                var target = (row * wide + place(at)) * inner;
                var source = (row * heads + at) * inner;
                MemorySegment.copy(
                        from,
                        source * Float.BYTES,
                        to,
                        target * Float.BYTES,
                        inner * ValueLayout.JAVA_FLOAT.byteSize());
            }
        }
        return to;
    }

    private long place(long at) {
        var head = at / config.headDim();
        var within = at % config.headDim();
        var half = config.headDim() / 2;
        return head * padded.headDim() + (within < half ? within : within - half + padded.headDim() / 2);
    }
}
