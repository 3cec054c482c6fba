package dev.leasehold.catalog.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The models that can be deployed by name, and how any other reference becomes a model. */
public final class Catalog {
    private static final String FOLDER = "/dev/leasehold/catalog/models/";
    private static final String INDEX = FOLDER + "index.txt";
    private static final String FILE_SCHEME = "file:";
    private static final int REFERENCE_LENGTH_MAX = 4096;

    private final List<Model> models;

    Catalog(List<Model> models) {
        this.models = List.copyOf(models);
    }

    /** The catalog that comes with Leasehold. */
    public static Catalog builtIn() {
        var json = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        var models = new String(resource(INDEX), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .map(name -> json.readValue(resource(FOLDER + name), Model.class))
                .toList();
        return new Catalog(models);
    }

    public List<Model> models() {
        return models;
    }

    /**
     * The model that a user means: an id of this catalog, or a folder with a Hugging Face checkpoint as {@code
     * file:/path} or an absolute path.
     *
     * @throws UnknownModelException if there is none; the message is for the user
     */
    public Model resolve(String reference) {
        if (reference.isBlank() || reference.length() > REFERENCE_LENGTH_MAX) {
            throw new UnknownModelException("A model is named by an id of the catalog or a folder: 1 to "
                    + REFERENCE_LENGTH_MAX + " characters.");
        }
        if (reference.startsWith(FILE_SCHEME) || reference.startsWith("/")) {
            return CheckpointFolder.read(folderOf(reference));
        }
        return models.stream()
                .filter(model -> model.id().equals(reference))
                .findFirst()
                .orElseThrow(() -> unknown(reference));
    }

    private static Path folderOf(String reference) {
        try {
            if (reference.startsWith("/")) {
                return Path.of(reference);
            }
            var path = URI.create(reference.replace(" ", "%20"));
            if (path.getAuthority() == null && path.getPath() != null) {
                return Path.of(path.getPath());
            }
        } catch (InvalidPathException e) {
            throw new UnknownModelException("\"" + reference + "\" is not a path: " + e.getReason() + ".", e);
        } catch (IllegalArgumentException e) {
            throw new UnknownModelException("\"" + reference + "\" is not a file: address of this machine.", e);
        }
        throw new UnknownModelException(
                "\"" + reference + "\" names no folder of this machine; write file:/the/folder.");
    }

    private UnknownModelException unknown(String reference) {
        var near = models.stream()
                .map(Model::id)
                .filter(id -> NearMatch.isNear(reference, id))
                .collect(Collectors.joining(" or "));
        var advice = near.isEmpty()
                ? "The catalog has " + models.stream().map(Model::id).collect(Collectors.joining(", "))
                        + "; a folder with a checkpoint is written file:/the/folder."
                : "Did you mean " + near + "?";
        return new UnknownModelException("No model is called \"" + reference + "\". " + advice);
    }

    private static byte[] resource(String name) {
        try (var in = Catalog.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The catalog's file " + name + " is missing from the build.");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
