package dev.leasehold.runner.embedding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Puts texts of like length together, so that little is computed for padding. */
public final class TextBatches {
    /** Texts that run together. */
    public static final int TEXTS_MAX = 32;

    private TextBatches() {}

    /** Batches of indices into the texts, each of at most {@code textsMax}, the short texts first. */
    public static List<List<Integer>> byLength(List<int[]> texts, int textsMax) {
        var order = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(index -> texts.get(index).length))
                .toList();
        var batches = new ArrayList<List<Integer>>();
        for (var from = 0; from < order.size(); from += textsMax) {
            batches.add(order.subList(from, Math.min(order.size(), from + textsMax)));
        }
        return batches;
    }
}
