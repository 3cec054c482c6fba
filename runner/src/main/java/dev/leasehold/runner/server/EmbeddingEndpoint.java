package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.runner.serving.ServedModel;
import dev.leasehold.runner.serving.ServedModel.BusyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** {@code POST /v1/embeddings}. */
final class EmbeddingEndpoint {
    private static final int INPUTS_MAX = 2048;

    private final ModelHost host;
    private final Metrics metrics;

    EmbeddingEndpoint(ModelHost host, Metrics metrics) {
        this.host = host;
        this.metrics = metrics;
    }

    record Vector(String object, int index, Object embedding) {}

    record Usage(int promptTokens, int totalTokens) {}

    record Answer(String object, List<Vector> data, String model, Usage usage) {}

    void answer(Exchange exchange) throws IOException {
        var embedder = embedder();
        var fields = new Fields(Json.readObject(exchange.bodyBytes()));
        var texts = texts(fields);
        int dimensions = fields.integer("dimensions", 1, embedder.dimensions()).orElse(embedder.dimensions());
        boolean base64 = isBase64(fields.text("encoding_format", "float"));
        var embeddings = embed(embedder, texts);
        metrics.begin(embeddings.promptTokens()).finished("stop", 0);
        var data = new ArrayList<Vector>();
        for (var vector : embeddings.vectors()) {
            var cut = cut(vector, dimensions);
            data.add(new Vector("embedding", data.size(), base64 ? base64(cut) : cut));
        }
        var usage = new Usage(embeddings.promptTokens(), embeddings.promptTokens());
        var answer = new Answer("list", data, fields.text("model", host.modelName()), usage);
        exchange.answer(200, Json.TYPE, Json.write(answer).getBytes(UTF_8), Map.of());
    }

    private ServedModel.Embedder embedder() {
        if (host.model() instanceof ServedModel.Embedder embedder) {
            return embedder;
        }
        throw HttpFailure.coded(
                404,
                "invalid_request_error",
                host.modelName() + " writes text and has no embeddings.",
                "model",
                "model_not_found");
    }

    private static List<String> texts(Fields fields) {
        var input = fields.node("input");
        if (AnswerSettings.isTokens(input) || AnswerSettings.isTokens(input.path(0))) {
            throw HttpFailure.invalid("input", "This runner reads texts, not lists of tokens; send strings.");
        }
        var texts = fields.strings("input", INPUTS_MAX);
        if (texts.isEmpty()) {
            throw HttpFailure.invalid("input", "input is a string or a list of 1 to " + INPUTS_MAX + " strings.");
        }
        return texts;
    }

    private static boolean isBase64(String format) {
        if (!format.equals("float") && !format.equals("base64")) {
            throw HttpFailure.invalid("encoding_format", "encoding_format is float or base64.");
        }
        return format.equals("base64");
    }

    private static ServedModel.Embeddings embed(ServedModel.Embedder embedder, List<String> texts) {
        try {
            return embedder.embed(texts);
        } catch (BusyException e) {
            throw HttpFailure.later(429, "rate_limit_error", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw HttpFailure.invalid("input", String.valueOf(e.getMessage()));
        }
    }

    /** The first dimensions, of norm 1 again. */
    static float[] cut(float[] vector, int dimensions) {
        if (dimensions == vector.length) {
            return vector;
        }
        var cut = Arrays.copyOf(vector, dimensions);
        double squares = 0;
        for (float value : cut) {
            squares += value * value;
        }
        double norm = Math.max(Math.sqrt(squares), Float.MIN_NORMAL);
        for (int index = 0; index < cut.length; index++) {
            cut[index] = (float) (cut[index] / norm);
        }
        return cut;
    }

    private static String base64(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
