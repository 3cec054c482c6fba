package dev.leasehold.runner.embedding;

import java.nio.FloatBuffer;

/** Makes one vector of the vectors of a text's tokens: their mean, scaled to length 1. */
public final class MeanPooling {
    private MeanPooling() {}

    /** The vector of a text whose {@code tokens} vectors of {@code dimensions} numbers begin at {@code from}. */
    public static float[] pool(FloatBuffer states, int from, int tokens, int dimensions) {
        var sums = new double[dimensions];
        for (var token = 0; token < tokens; token++) {
            for (var i = 0; i < dimensions; i++) {
                sums[i] += states.get(from + token * dimensions + i);
            }
        }
        return normalise(sums);
    }

    private static float[] normalise(double[] vector) {
        var squares = 0.0;
        for (var number : vector) {
            squares += number * number;
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            throw new IllegalStateException("The model's vector has no direction.");
        }
        var norm = Math.sqrt(squares);
        var unit = new float[vector.length];
        for (var i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return unit;
    }
}
