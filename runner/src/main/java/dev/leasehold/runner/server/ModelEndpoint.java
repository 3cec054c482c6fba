package dev.leasehold.runner.server;

import dev.leasehold.catalog.artifact.Artifact;
import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.catalog.artifact.ModelFile;
import dev.leasehold.catalog.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Takes the order to load a model. */
final class ModelEndpoint {
    private static final int SLOTS_MAX = 256;
    private static final int CONTEXT_MAX = 1 << 20;
    private static final int FILES_MAX = 1024;

    private final ModelHost host;
    private final ArtifactStore store;

    ModelEndpoint(ModelHost host, ArtifactStore store) {
        this.host = host;
        this.store = store;
    }

    void put(Exchange exchange) throws IOException {
        var order = read(Json.readObject(exchange.bodyBytes()));
        if (!host.load(order)) {
            throw HttpFailure.of(
                    409, "invalid_request_error", "This runner has another model already: " + host.modelName() + ".");
        }
        exchange.answer(202, Json.TYPE, new byte[0], Map.of());
    }

    private ModelOrder read(JsonNode body) throws IOException {
        var name = body.path("name").asString("");
        if (name.isBlank()) {
            throw HttpFailure.invalid("name", "The model has no name.");
        }
        return new ModelOrder(
                name,
                task(body.path("task").asString("")),
                number(body, "context_length", CONTEXT_MAX),
                number(body, "slots", SLOTS_MAX),
                files(body.path("files")));
    }

    private static Task task(String name) {
        for (var task : Task.values()) {
            if (task.name().toLowerCase(Locale.ROOT).equals(name)) {
                return task;
            }
        }
        throw HttpFailure.invalid("task", "\"" + name + "\" is not a task; it is chat or embedding.");
    }

    private static int number(JsonNode body, String field, int max) {
        var value = body.path(field);
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > max) {
            throw HttpFailure.invalid(field, field + " is a whole number from 1 to " + max + ".");
        }
        return value.intValue();
    }

    private Map<String, Path> files(JsonNode list) throws IOException {
        if (!list.isArray() || list.isEmpty() || list.size() > FILES_MAX) {
            throw HttpFailure.invalid("files", "files is a list of 1 to " + FILES_MAX + " files.");
        }
        var files = new HashMap<String, Path>();
        for (var file : list) {
            var name = file.path("name").asString("");
            if (!ModelFile.isName(name) || files.put(name, pathOf(name, file)) != null) {
                throw HttpFailure.invalid("files", "\"" + name + "\" is not a file name, or is there twice.");
            }
        }
        return files;
    }

    private Path pathOf(String name, JsonNode file) throws IOException {
        var sha256 = file.path("sha256").asString("");
        if (!Artifact.isSha256(sha256)) {
            throw HttpFailure.invalid("files", "The sha256 of " + name + " is not 64 lower-case hex digits.");
        }
        var path = store.find(sha256);
        if (path.isEmpty()) {
            throw HttpFailure.of(
                    422,
                    "invalid_request_error",
                    "The file " + name + " is not here: put artifact " + sha256 + " first.");
        }
        if (Files.size(path.get()) != file.path("size_bytes").asLong(-1)) {
            throw HttpFailure.of(422, "invalid_request_error", "The file " + name + " has another size_bytes.");
        }
        return path.get();
    }
}
