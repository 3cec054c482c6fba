package dev.leasehold.deploy.runner;

import dev.leasehold.catalog.artifact.Artifact;
import dev.leasehold.catalog.model.Model;
import java.util.List;

/**
 * What a runner is told to load.
 *
 * @param name what clients call it: the deployment's name
 * @param files of the model, as they were when it was deployed
 */
public record Workload(String name, Model model, int contextLength, int slots, List<File> files) {
    public Workload {
        files = List.copyOf(files);
    }

    /** A file of the model by its content. */
    public record File(String name, Artifact artifact) {}

    public long totalBytes() {
        return files.stream().mapToLong(file -> file.artifact().sizeBytes()).sum();
    }
}
