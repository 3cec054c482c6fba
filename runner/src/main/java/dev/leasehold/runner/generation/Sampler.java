package dev.leasehold.runner.generation;

import dev.leasehold.runner.serving.GenerationRequest.Sampling;
import java.util.Arrays;

/**
 * Draws the next token from its scores. The draw depends on the seed, the choice and the position alone, so that an
 * answer is the same wherever and beside whomever it is computed.
 */
final class Sampler {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private Sampler() {}

    static int sample(float[] logits, Sampling sampling, int choice, int position) {
        var best = likeliest(logits);
        if (sampling.temperature() == 0) {
            return best;
        }
        var weights = new double[logits.length];
        var sum = 0.0;
        for (var token = 0; token < logits.length; token++) {
            weights[token] = Math.exp((logits[token] - (double) logits[best]) / sampling.temperature());
            sum += weights[token];
        }
        var draw = uniform(sampling.seed(), choice, position);
        return sampling.topP() < 1
                ? drawFromNucleus(weights, sum, sampling.topP(), draw)
                : draw(weights, sum, draw, best);
    }

    /** The token with the highest score, of several the one with the lowest id. */
    private static int likeliest(float[] logits) {
        var best = 0;
        for (var token = 1; token < logits.length; token++) {
            if (logits[token] > logits[best]) {
                best = token;
            }
        }
        if (!Float.isFinite(logits[best])) {
            throw new IllegalStateException("The model's scores are not finite.");
        }
        return best;
    }

    private static int draw(double[] weights, double sum, double draw, int best) {
        var rest = draw * sum;
        for (var token = 0; token < weights.length; token++) {
            rest -= weights[token];
            if (rest < 0) {
                return token;
            }
        }
        return best;
    }

    /** Draws among the likeliest tokens that have {@code topP} of the weight together. */
    private static int drawFromNucleus(double[] weights, double sum, double topP, double draw) {
        var tokens = candidates(weights, (1 - topP) * sum / Math.max(1, weights.length - 1));
        var size = 0;
        var inside = 0.0;
        while (size < tokens.length && (size == 0 || inside < topP * sum)) {
            inside += weights[tokens[size++]];
        }
        var rest = draw * inside;
        for (var i = 0; i < size; i++) {
            rest -= weights[tokens[i]];
            if (rest < 0) {
                return tokens[i];
            }
        }
        return tokens[0];
    }

    /** Tokens from the likeliest on. Those below the floor are left out: they cannot be in the nucleus. */
    private static int[] candidates(double[] weights, double floor) {
        var keys = new long[weights.length];
        var count = 0;
        for (var token = 0; token < weights.length; token++) {
            if (weights[token] >= floor) {
                // Positive floats order as their bits do; the complement puts the largest first, then the lowest id.
                var descending = ~Float.floatToIntBits((float) weights[token]) & 0x7FFFFFFFL;
                keys[count++] = (descending << Integer.SIZE) | token;
            }
        }
        Arrays.sort(keys, 0, count);
        return Arrays.stream(keys, 0, count).mapToInt(key -> (int) key).toArray();
    }

    /** A number in [0, 1) by hashing, so that no state has to be carried along. */
    static double uniform(long seed, int choice, int position) {
        var mixed = mix(mix(mix(seed + GOLDEN) + choice + GOLDEN) + position + GOLDEN);
        return (mixed >>> 11) * UNIT;
    }

    /**
     * The finaliser of SplitMix64.
     *
     * @see <a href="https://prng.di.unimi.it/splitmix64.c">splitmix64.c</a>
     */
    private static long mix(long value) {
        var bits = value;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }
}
