package dev.leasehold.catalog.model;

import java.util.Locale;

/** Whether a name was probably meant for another. */
final class NearMatch {
    private static final int EDITS_MAX = 3;
    private static final int LENGTH_MAX = 128;

    private NearMatch() {}

    static boolean isNear(String written, String name) {
        if (written.length() > LENGTH_MAX) {
            return false;
        }
        var lower = written.toLowerCase(Locale.ROOT);
        var contains = lower.length() >= EDITS_MAX && (name.contains(lower) || lower.contains(name));
        return contains || edits(lower, name) <= EDITS_MAX;
    }

    /** Levenshtein's distance, row by row. */
    private static int edits(String from, String to) {
        var above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            var here = new int[to.length() + 1];
            here[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int change = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
                here[column] = Math.min(above[column - 1] + change, Math.min(above[column], here[column - 1]) + 1);
            }
            above = here;
        }
        return above[to.length()];
    }
}
