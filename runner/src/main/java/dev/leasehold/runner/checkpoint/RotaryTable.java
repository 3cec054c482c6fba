package dev.leasehold.runner.checkpoint;

import dev.leasehold.runner.checkpoint.LlamaConfig.RopeScaling;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Cosines and sines of the angles by which queries and keys are turned, one row per position. */
public final class RotaryTable {
    private final double[] frequencies;

    public RotaryTable(LlamaConfig config) {
        frequencies = new double[config.headDim() / 2];
        for (var i = 0; i < frequencies.length; i++) {
            var frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
            frequencies[i] = config.ropeScaling()
                    .map(scaling -> scaled(frequency, scaling))
                    .orElse(frequency);
        }
    }

    /** Long waves are stretched by the factor, short ones stay, and those between are mixed. */
    private static double scaled(double frequency, RopeScaling scaling) {
        var turns = scaling.originalPositions() * frequency / (2 * Math.PI);
        if (turns > scaling.highFactor()) {
            return frequency;
        }
        if (turns < scaling.lowFactor()) {
            return frequency / scaling.factor();
        }
        var share = (turns - scaling.lowFactor()) / (scaling.highFactor() - scaling.lowFactor());
        return (1 - share) * frequency / scaling.factor() + share * frequency;
    }

    /** Fills both tables, {@code width} numbers per position; those beyond the model's own do not turn anything. */
    public void fill(MemorySegment cosines, MemorySegment sines, int width) {
        var elements = cosines.byteSize() / Float.BYTES;
        for (var at = 0L; at < elements; at++) {
            var position = at / width;
            var column = (int) (at % width);
            var angle = column < frequencies.length ? position * frequencies[column] : 0;
            cosines.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) Math.cos(angle));
            sines.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) Math.sin(angle));
        }
    }
}
