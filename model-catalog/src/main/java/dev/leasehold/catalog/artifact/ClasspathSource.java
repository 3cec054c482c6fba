package dev.leasehold.catalog.artifact;

import dev.leasehold.catalog.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Copies a model that lies on our class path into the store. The model's folder has a {@code files.json} that names the
 * resource of each file.
 */
final class ClasspathSource implements ArtifactSource {
    private static final String LIST = "/files.json";

    private final ArtifactStore store;
    private final Checksums checksums;
    private final JsonMapper json = new JsonMapper();

    ClasspathSource(ArtifactStore store, Checksums checksums) {
        this.store = store;
        this.checksums = checksums;
    }

    @Override
    public ModelFiles open(Model model) {
        var folder = model.source().getPath();
        var files = new ArrayList<ModelFile>();
        try {
            for (var entry : list(folder).entrySet()) {
                var content = content(entry.getValue());
                var artifact = checksums.of(content);
                files.add(new ModelFile(entry.getKey(), artifact, copy(artifact, content)));
            }
        } catch (IOException e) {
            throw new SourceException("The files of " + model.id() + " cannot be copied: " + e.getMessage() + ".", e);
        }
        return new ModelFiles(files);
    }

    private Map<String, String> list(String folder) throws IOException {
        try (var in = content(folder + LIST).open()) {
            return new TreeMap<>(json.readValue(in, new TypeReference<Map<String, String>>() {}));
        }
    }

    private Path copy(Artifact artifact, Checksums.Content content) throws IOException {
        var known = store.find(artifact.sha256());
        if (known.isPresent()) {
            return known.get();
        }
        try (var in = content.open()) {
            return store.add(artifact, in);
        }
    }

    private static Resource content(String name) throws IOException {
        var url = ClasspathSource.class.getResource(name);
        if (url == null) {
            throw new IOException("the resource " + name + " is not on the class path");
        }
        return new Resource(url);
    }

    /** A resource; the file that holds it tells whether it changed. */
    private record Resource(URL url) implements Checksums.Content {
        @Override
        public String key() throws IOException {
            var file = holder();
            return url + "\n" + Files.size(file) + "\n" + Files.getLastModifiedTime(file);
        }

        @Override
        public InputStream open() throws IOException {
            var connection = url.openConnection();
            // A cached jar would stay open, and be the old one after a new build.
            connection.setUseCaches(false);
            return connection.getInputStream();
        }

        private Path holder() throws IOException {
            try {
                var jar =
                        url.openConnection() instanceof JarURLConnection connection ? connection.getJarFileURL() : url;
                return Path.of(jar.toURI());
            } catch (URISyntaxException e) {
                throw new IOException("the resource " + url + " is in no file", e);
            }
        }
    }
}
