package dev.leasehold.runner.server;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads the fields of an OpenAI request; what is wrong with one is said with its name. */
record Fields(JsonNode body) {
    private boolean isAbsent(String name) {
        return body.path(name).isMissingNode() || body.path(name).isNull();
    }

    JsonNode node(String name) {
        return body.path(name);
    }

    String text(String name, String otherwise) {
        if (isAbsent(name)) {
            return otherwise;
        }
        if (!node(name).isString()) {
            throw HttpFailure.invalid(name, name + " is a string.");
        }
        return node(name).stringValue();
    }

    boolean flag(String name) {
        if (isAbsent(name)) {
            return false;
        }
        if (!node(name).isBoolean()) {
            throw HttpFailure.invalid(name, name + " is true or false.");
        }
        return node(name).booleanValue();
    }

    OptionalInt integer(String name, int min, int max) {
        if (isAbsent(name)) {
            return OptionalInt.empty();
        }
        var value = node(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            var upTo = max == Integer.MAX_VALUE ? "at least " + min : "from " + min + " to " + max;
            throw HttpFailure.invalid(name, name + " is a whole number, " + upTo + ".");
        }
        return OptionalInt.of(value.intValue());
    }

    OptionalLong wide(String name) {
        if (isAbsent(name)) {
            return OptionalLong.empty();
        }
        if (!node(name).isIntegralNumber() || !node(name).canConvertToLong()) {
            throw HttpFailure.invalid(name, name + " is a whole number of at most 64 bits.");
        }
        return OptionalLong.of(node(name).longValue());
    }

    /** A number from {@code min} to {@code max}, both allowed. */
    OptionalDouble number(String name, double min, double max) {
        if (isAbsent(name)) {
            return OptionalDouble.empty();
        }
        var value = node(name);
        if (!value.isNumber() || !(value.doubleValue() >= min && value.doubleValue() <= max)) {
            throw HttpFailure.invalid(name, name + " is a number from " + min + " to " + max + ".");
        }
        return OptionalDouble.of(value.doubleValue());
    }

    /** Strings that are not empty: one, or a list of up to {@code max}. */
    List<String> strings(String name, int max) {
        if (isAbsent(name)) {
            return List.of();
        }
        var value = node(name);
        var strings = new ArrayList<String>();
        if (value.isString()) {
            strings.add(value.stringValue());
        } else {
            value.forEach(item -> strings.add(item.isString() ? item.stringValue() : ""));
        }
        var isList = value.isString() || value.isArray();
        if (!isList || strings.size() > max || strings.contains("")) {
            throw HttpFailure.invalid(name, name + " is a string or a list of up to " + max + " strings, none empty.");
        }
        return strings;
    }

    /** Refuses what would otherwise be left out in silence; null, false, 0, "" and empty lists ask for nothing. */
    void refuse(String... names) {
        for (var name : names) {
            if (asksForSomething(node(name))) {
                throw HttpFailure.coded(
                        400,
                        "invalid_request_error",
                        name + " is not supported by this runner yet.",
                        name,
                        "unsupported_parameter");
            }
        }
    }

    private static boolean asksForSomething(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> false;
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.doubleValue() != 0;
            case STRING -> !value.stringValue().isEmpty();
            case ARRAY, OBJECT -> !value.isEmpty();
            case BINARY, POJO -> true;
        };
    }
}
