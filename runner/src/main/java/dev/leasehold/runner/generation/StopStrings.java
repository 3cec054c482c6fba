package dev.leasehold.runner.generation;

import java.util.List;

/** Ends a text before the first stop string, and holds back what may be the beginning of one. */
final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    StopStrings(List<String> stops) {
        this.stops = List.copyOf(stops);
    }

    /** The text that is now certain to come before any stop string. */
    String accept(String text) {
        if (stopped) {
            return "";
        }
        held.append(text);
        var first = firstStop();
        if (first >= 0) {
            stopped = true;
            return take(first);
        }
        return take(held.length() - longestBeginning());
    }

    private int firstStop() {
        return stops.stream()
                .mapToInt(held::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    /** How much of the end of the text may be the beginning of a stop string. */
    private int longestBeginning() {
        var longest = 0;
        for (var stop : stops) {
            for (var size = Math.min(stop.length() - 1, held.length()); size > longest; size--) {
                if (stop.startsWith(held.substring(held.length() - size))) {
                    longest = size;
                }
            }
        }
        return longest;
    }

    private String take(int size) {
        var taken = held.substring(0, size);
        held.delete(0, size);
        return taken;
    }

    boolean stopped() {
        return stopped;
    }

    /** What was held back, once nothing more comes; nothing if a stop string ended the text. */
    String finish() {
        return stopped ? "" : take(held.length());
    }
}
