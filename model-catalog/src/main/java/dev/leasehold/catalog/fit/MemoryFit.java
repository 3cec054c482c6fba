package dev.leasehold.catalog.fit;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How much memory a runner needs for a model, and why. */
public final class MemoryFit {
    private static final long BYTES_PER_FLOAT = 4;

    /** Java, ONNX Runtime with its arena, tokenizer and network buffers: 440 MB resident were measured under load. */
    private static final long RUNTIME_BYTES = 480_000_000;

    private MemoryFit() {}

    /** A part of the need. */
    public record Line(String what, long bytes) {}

    /** The need of one runner, as the sum of its parts. */
    public record Estimate(List<Line> lines) {
        public Estimate {
            lines = List.copyOf(lines);
        }

        public long totalBytes() {
            return lines.stream().mapToLong(Line::bytes).sum();
        }

        /** One sentence with the sum and its parts, such as for a refusal. */
        public String explain() {
            var parts = lines.stream()
                    .map(line -> megabytes(line.bytes()) + " " + line.what())
                    .collect(Collectors.joining(", "));
            return megabytes(totalBytes()) + " of memory: " + parts + ".";
        }

        private static String megabytes(long bytes) {
            return String.format(Locale.ROOT, "%,d MB", Math.ceilDiv(bytes, 1_000_000));
        }
    }

    /**
     * The need of a runner that decodes {@code slots} sequences of up to {@code contextLength} tokens together.
     */
    public static Estimate estimate(ModelShape shape, int contextLength, int slots) {
        long weights = shape.parameters() * BYTES_PER_FLOAT;
        long tokens = (long) Math.min(contextLength, shape.contextLength()) * slots;
        long cache = tokens * shape.cacheFloatsPerToken() * BYTES_PER_FLOAT;
        return new Estimate(List.of(
                new Line("for the weights as float32", weights),
                new Line("for the key-value cache of " + slots + " sequences", cache),
                new Line("for the runner itself", RUNTIME_BYTES)));
    }
}
