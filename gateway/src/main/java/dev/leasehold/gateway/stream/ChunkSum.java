package dev.leasehold.gateway.stream;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adds OpenAI's chunks up to the one object that they are parts of. Of fields that are not known here the newest value
 * stays, so that a new field of a runner is not lost.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">OpenAI, the chat completion chunk
 *     object</a>
 */
final class ChunkSum {
    private static final String CHUNK = ".chunk";

    /** Texts that come in pieces; any other text is whole each time. */
    private static final Set<String> PIECEWISE =
            Set.of("content", "text", "refusal", "reasoning_content", "reasoning", "arguments");

    private final ObjectNode sum = JsonNodeFactory.instance.objectNode();

    void add(ObjectNode chunk) {
        add(sum, chunk);
    }

    private static void add(ObjectNode whole, ObjectNode part) {
        part.properties().forEach(field -> whole.set(field.getKey(), sum(field.getKey(), whole, field.getValue())));
    }

    private static JsonNode sum(String name, ObjectNode whole, JsonNode more) {
        var known = whole.path(name);
        return switch (more) {
            case ObjectNode object
            when known instanceof ObjectNode before -> {
                add(before, object);
                yield before;
            }
            case ArrayNode list -> {
                var before = known instanceof ArrayNode array ? array : whole.arrayNode();
                list.forEach(item -> addItem(before, item));
                yield before;
            }
            default -> {
                if (more.isNull() && !known.isMissingNode()) {
                    yield known;
                }
                boolean grows = known.isString() && more.isString() && PIECEWISE.contains(name);
                yield grows ? whole.stringNode(known.stringValue() + more.stringValue()) : more;
            }
        };
    }

    /** Items with an {@code index} are joined with what there is of them; others follow one another. */
    private static void addItem(ArrayNode list, JsonNode item) {
        if (!(item instanceof ObjectNode object) || !object.path("index").isInt()) {
            list.add(item);
            return;
        }
        int index = object.path("index").intValue();
        for (int place = 0; place < list.size(); place++) {
            var known = list.get(place);
            if (known.path("index").asInt(-1) == index && known instanceof ObjectNode before) {
                add(before, object);
                return;
            }
            if (known.path("index").asInt(-1) > index) {
                list.insert(place, object);
                return;
            }
        }
        list.add(object);
    }

    /** The object as it would have come without a stream. */
    ObjectNode whole() {
        var object = sum.path("object").asString("");
        if (object.endsWith(CHUNK)) {
            sum.put("object", object.substring(0, object.length() - CHUNK.length()));
        }
        sum.path("choices").forEach(choice -> {
            if (choice instanceof ObjectNode known && known.remove("delta") instanceof ObjectNode message) {
                known.set("message", whole(message));
            }
        });
        return sum;
    }

    /** Chunks leave out what a message must have. */
    private static ObjectNode whole(ObjectNode message) {
        if (!message.has("content")) {
            message.putNull("content");
        }
        if (!message.has("refusal")) {
            message.putNull("refusal");
        }
        return message;
    }
}
