package dev.leasehold.gateway.openai;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads of a request what the gateway must know, in one pass, and notes where it stands, so that the rest goes to the
 * runner as it came: fields that nobody here knows pass through, and nothing is written anew.
 */
final class RequestScan {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String RESERVED = "leasehold";
    private static final String USAGE = "\"include_usage\":true";

    private final byte[] body;
    private final Set<String> seen = new HashSet<>();
    private final BodyEdits always = new BodyEdits();
    private final BodyEdits forStream = new BodyEdits();
    private int fieldsFrom;
    private String model = "";
    private boolean stream;
    private boolean includeUsage;

    private RequestScan(byte[] body) {
        this.body = body;
    }

    /**
     * Scans a body.
     *
     * @throws ApiFailure saying what is wrong with it
     */
    static RequestScan of(byte[] body) {
        var scan = new RequestScan(body);
        try (var parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            scan.read(parser);
            return scan;
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private static ApiFailure malformed(JacksonException e) {
        var place = e.getLocation();
        var where = place == null ? "" : " near line " + place.getLineNr() + ", column " + place.getColumnNr();
        return invalid("The body is not valid JSON" + where + ".");
    }

    private static ApiFailure invalid(String message) {
        return ApiFailure.of(Fault.INVALID_REQUEST, message);
    }

    private static ApiFailure invalid(String param, String message) {
        return ApiFailure.of(Fault.INVALID_REQUEST, param, message);
    }

    /** What the client calls the model. */
    String model() {
        return model;
    }

    boolean wantsStream() {
        return stream;
    }

    /** Whether the client wants the usage behind its stream. */
    boolean wantsUsage() {
        return includeUsage;
    }

    /** The body, without what only gateways may say. */
    byte[] body() {
        return always.apply(body);
    }

    /** The body, asking for a stream with the usage behind it, whatever the client asked for. */
    byte[] streamingBody() {
        forStream.addAll(always);
        return forStream.apply(body);
    }

    private void read(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("The body must be a JSON object.");
        }
        fieldsFrom = offset(parser) + 1;
        if (fieldsFrom < 1) {
            throw invalid("The body must be JSON in UTF-8."); // Of other encodings the parser tells no byte offsets.
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            field(parser, parser.currentName());
        }
        if (parser.nextToken() != null) {
            throw invalid("The body must be one JSON object; something follows it.");
        }
        check();
    }

    private static int offset(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private void check() {
        if (model.isEmpty()) {
            throw invalid("model", "The field \"model\" is missing: it names a deployment.");
        }
        if (includeUsage && !stream) {
            throw invalid("stream_options", "The field \"stream_options\" goes with \"stream\": true only.");
        }
        if (!seen.contains("stream")) {
            forStream.insert(fieldsFrom, "\"stream\":true,");
        }
        if (!seen.contains("stream_options")) {
            forStream.insert(fieldsFrom, "\"stream_options\":{" + USAGE + "},");
        }
    }

    private void field(JsonParser parser, String name) {
        var value = parser.nextToken();
        switch (name) {
            case "model" -> {
                requireFirst(name);
                model = modelName(parser, value);
            }
            case "stream" -> {
                requireFirst(name);
                stream = flag(parser, value, name);
            }
            case "stream_options" -> {
                requireFirst(name);
                streamOptions(parser, value);
            }
            default -> other(parser, value, name);
        }
    }

    /** Of a field that is given twice, others might read the one that we did not. */
    private void requireFirst(String name) {
        if (!seen.add(name)) {
            throw invalid(name, "The field \"" + name + "\" is given twice.");
        }
    }

    private static String modelName(JsonParser parser, JsonToken value) {
        if (value != JsonToken.VALUE_STRING || parser.getString().isBlank()) {
            throw invalid("model", "The field \"model\" must be the name of a deployment.");
        }
        return parser.getString();
    }

    /** Reads a flag, and notes that it shall be true for the runner. */
    private boolean flag(JsonParser parser, JsonToken value, String name) {
        boolean isFlag = value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE;
        if (!isFlag && value != JsonToken.VALUE_NULL) {
            throw invalid(name, "The field \"" + name + "\" must be true or false.");
        }
        int from = offset(parser);
        forStream.replace(from, from + value.asString().length(), "true");
        return value == JsonToken.VALUE_TRUE;
    }

    private void streamOptions(JsonParser parser, JsonToken value) {
        int from = offset(parser);
        if (value == JsonToken.VALUE_NULL) {
            forStream.replace(from, from + "null".length(), "{" + USAGE + "}");
            return;
        }
        if (value != JsonToken.START_OBJECT) {
            throw invalid("stream_options", "The field \"stream_options\" must be an object.");
        }
        boolean isEmpty = true;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            isEmpty = false;
            streamOption(parser, parser.currentName());
        }
        if (!seen.contains("stream_options.include_usage")) {
            forStream.insert(from + 1, isEmpty ? USAGE : USAGE + ",");
        }
    }

    private void streamOption(JsonParser parser, String name) {
        var value = parser.nextToken();
        if (name.equals("include_usage")) {
            requireFirst("stream_options." + name);
            includeUsage = flag(parser, value, "stream_options.include_usage");
        } else {
            parser.skipChildren();
        }
    }

    /** What gateways say to runners under our own name, no client may say. */
    private void other(JsonParser parser, JsonToken value, String name) {
        int from = offset(parser);
        parser.skipChildren();
        if (name.equals(RESERVED) || name.startsWith(RESERVED + ".")) {
            always.replace(from, end(parser, value, from), "null");
        }
    }

    private static int end(JsonParser parser, JsonToken value, int from) {
        if (value.isNumeric()) {
            return from + parser.getStringLength();
        }
        parser.finishToken();
        return value.isScalarValue() && value != JsonToken.VALUE_STRING
                ? from + value.asString().length()
                : (int) parser.currentLocation().getByteOffset();
    }
}
