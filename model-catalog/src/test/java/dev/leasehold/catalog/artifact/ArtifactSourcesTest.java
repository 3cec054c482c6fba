package dev.leasehold.catalog.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.leasehold.catalog.artifact.ArtifactSource.SourceException;
import dev.leasehold.catalog.model.Catalog;
import dev.leasehold.catalog.model.Model;
import dev.leasehold.catalog.model.Task;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactSourcesTest {
    @TempDir
    Path temp;

    private Path folder;
    private ArtifactSources sources;

    @BeforeEach
    void makeCheckpoint() throws IOException {
        folder = Files.createDirectory(temp.resolve("checkpoint"));
        for (var name : new String[] {"config.json", "tokenizer.json", "model.safetensors", "README.md"}) {
            Files.writeString(folder.resolve(name), name);
        }
        sources = new ArtifactSources(new ArtifactStore(temp.resolve("store")));
    }

    @Test
    void aFolderGivesTheFilesOfItsModelAndNoOthers() {
        var files = sources.open(model(folder.toUri()));

        assertThat(files.files())
                .extracting(ModelFile::name)
                .containsExactly("config.json", "model.safetensors", "tokenizer.json");
        assertThat(files.totalBytes()).isEqualTo("config.jsonmodel.safetensorstokenizer.json".length());
        assertThat(files.find("config.json"))
                .hasValueSatisfying(file -> assertThat(file.artifact().sha256())
                        .isEqualTo("587cb980af76fdc7e52369fd0b9d926dff266976b6f8ac631e358fecc49ff8cf")
                        .hasSize(64));
    }

    @Test
    void aFileThatChangedHasAnotherChecksum() throws IOException {
        var before =
                sources.open(model(folder.toUri())).find("model.safetensors").orElseThrow();

        Files.writeString(folder.resolve("model.safetensors"), "longer than it was before");

        var after =
                sources.open(model(folder.toUri())).find("model.safetensors").orElseThrow();
        assertThat(after.artifact()).isNotEqualTo(before.artifact());
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
    void aFileThatIsMissingIsNamed(String name) throws IOException {
        Files.delete(folder.resolve(name));

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> sources.open(model(folder.toUri())))
                .withMessageContaining(name.replace("model.", "*."));
    }

    @Test
    void aLinkOutOfTheFolderIsRefused() throws IOException {
        var secret = Files.writeString(temp.resolve("secret"), "of this machine");
        Files.createSymbolicLink(folder.resolve("special_tokens_map.json"), secret);

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> sources.open(model(folder.toUri())))
                .withMessageContaining("special_tokens_map.json")
                .withMessageContaining("leads out");
    }

    @Test
    void theHubsCacheOfLinksToBlobsIsRead() throws IOException {
        var snapshot = Files.createDirectories(temp.resolve("hub/snapshots/abc"));
        var blobs = Files.createDirectories(temp.resolve("hub/blobs"));
        for (var name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            var blob = Files.writeString(blobs.resolve("blob-of-" + name.length()), name);
            Files.createSymbolicLink(snapshot.resolve(name), blob);
        }

        assertThat(sources.open(model(snapshot.toUri())).files()).hasSize(3);
    }

    @Test
    void aFolderInPlaceOfAFileIsRefused() throws IOException {
        Files.createDirectory(folder.resolve("generation_config.json"));

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> sources.open(model(folder.toUri())))
                .withMessageContaining("generation_config.json");
    }

    @Test
    void anAddressOfAnotherKindIsRefused() {
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> sources.open(model(URI.create("gopher://x/y"))))
                .withMessageContaining("file: or classpath:");
    }

    @Test
    void aFolderThatIsGoneIsNamed() {
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> sources.open(model(temp.resolve("gone").toUri())))
                .withMessageContaining("gone");
    }

    @Test
    void theBuiltInModelsAreCopiedToTheStoreOnce() throws IOException {
        for (var model : Catalog.builtIn().models()) {
            var first = sources.open(model);
            var second = sources.open(model);

            assertThat(first).isEqualTo(second);
            for (var file : first.files()) {
                assertThat(file.path()).startsWith(temp.resolve("store"));
                assertThat(Files.size(file.path())).isEqualTo(file.artifact().sizeBytes());
            }
        }
    }

    private static Model model(URI source) {
        return new Model("mine", Task.CHAT, "Mine", "", "unknown", source, false, false, 128);
    }
}
