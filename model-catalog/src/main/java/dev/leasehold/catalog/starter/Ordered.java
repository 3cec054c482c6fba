package dev.leasehold.catalog.starter;

import java.util.LinkedHashMap;
import java.util.Map;

/** Maps that keep their order, so that the files come out the same each time. */
final class Ordered {
    private Ordered() {}

    @SafeVarargs
    static Map<String, Object> map(Map.Entry<String, ?>... entries) {
        var map = new LinkedHashMap<String, Object>();
        for (var entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }
}
