package dev.leasehold.catalog.artifact;

import java.util.List;
import java.util.Optional;

/** All files of a model, in the order of their names. */
public record ModelFiles(List<ModelFile> files) {
    public ModelFiles {
        files = List.copyOf(files);
    }

    public Optional<ModelFile> find(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }

    public long totalBytes() {
        return files.stream().mapToLong(file -> file.artifact().sizeBytes()).sum();
    }
}
