package dev.leasehold.catalog.artifact;

import dev.leasehold.catalog.model.Model;

/** All sources: each model is opened by the one that its address names. */
public final class ArtifactSources implements ArtifactSource {
    private final ArtifactSource folders;
    private final ArtifactSource classpath;

    public ArtifactSources(ArtifactStore store) {
        var checksums = new Checksums(store.checksumFolder());
        this.folders = new FolderSource(checksums);
        this.classpath = new ClasspathSource(store, checksums);
    }

    @Override
    public ModelFiles open(Model model) {
        var scheme = String.valueOf(model.source().getScheme());
        return switch (scheme) {
            case "file" -> folders.open(model);
            case "classpath" -> classpath.open(model);
            default ->
                throw new SourceException("The source of " + model.id() + " is \"" + model.source()
                        + "\"; it can be file: or classpath: here.");
        };
    }
}
