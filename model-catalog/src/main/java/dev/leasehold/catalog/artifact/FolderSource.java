package dev.leasehold.catalog.artifact;

import dev.leasehold.catalog.model.Model;
import dev.leasehold.catalog.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a model from a folder with a Hugging Face checkpoint. Other files of the folder are not the model's. */
final class FolderSource implements ArtifactSource {
    private static final int FILES_MAX = 1024;
    private static final Set<String> NAMES = Set.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            "model.safetensors.index.json");
    private static final String WEIGHTS = ".safetensors";
    private static final String GRAPH = ".onnx";

    private final Checksums checksums;

    FolderSource(Checksums checksums) {
        this.checksums = checksums;
    }

    @Override
    public ModelFiles open(Model model) {
        var folder = Path.of(model.source());
        try {
            var root = folder.toRealPath();
            var names = names(root);
            check(model, root, names);
            var files = new ArrayList<ModelFile>();
            for (var name : names) {
                var path = inside(root, name);
                files.add(new ModelFile(name, checksum(path), path));
            }
            return new ModelFiles(files);
        } catch (IOException e) {
            throw new SourceException("The folder " + folder + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> NAMES.contains(name) || name.endsWith(WEIGHTS) || name.endsWith(GRAPH))
                    .filter(ModelFile::isName)
                    .sorted()
                    .limit(FILES_MAX)
                    .toList();
        }
    }

    private static void check(Model model, Path root, List<String> names) {
        for (var needed : List.of("config.json", "tokenizer.json")) {
            if (!names.contains(needed)) {
                throw new SourceException(
                        "The folder " + root + " has no " + needed + ", which " + model.id() + " needs.");
            }
        }
        var suffix = model.task() == Task.CHAT ? WEIGHTS : GRAPH;
        if (names.stream().noneMatch(name -> name.endsWith(suffix))) {
            throw new SourceException(
                    "The folder " + root + " has no *" + suffix + " file, so " + model.id() + " has no weights.");
        }
    }

    /**
     * The file itself, once links are followed. A link that leaves the folder could send any file of this machine to a
     * lease; only Hugging Face's own cache, where snapshots link to blobs, is let out.
     */
    private static Path inside(Path root, String name) throws IOException {
        var real = root.resolve(name).toRealPath();
        if (!real.startsWith(root) && !isBlobOf(root, real)) {
            throw new SourceException("The file " + name + " of the folder " + root
                    + " is a link that leads out of it; copy the file there.");
        }
        if (!Files.isRegularFile(real)) {
            throw new SourceException("The file " + name + " of the folder " + root + " is not a regular file.");
        }
        return real;
    }

    private static boolean isBlobOf(Path root, Path file) {
        var snapshots = root.getParent();
        return snapshots != null
                && snapshots.endsWith("snapshots")
                && file.startsWith(snapshots.resolveSibling("blobs"));
    }

    private Artifact checksum(Path path) {
        try {
            return checksums.of(path);
        } catch (IOException e) {
            throw new SourceException("The file " + path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
