package dev.leasehold.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
    private static final Path ENTRIES = Path.of("src/main/resources/dev/leasehold/catalog/models");

    private final Catalog catalog = Catalog.builtIn();

    @Test
    void bothStartersAreBuiltIn() {
        var starters = catalog.models().stream().filter(Model::starter).map(Model::id);

        assertThat(starters).containsExactly("starter-chat", "all-minilm-l6-v2");
    }

    @Test
    void theStandInSaysThatItIsOne() {
        var model = catalog.resolve("starter-chat");

        assertThat(model.standIn()).isTrue();
        assertThat(model.description()).contains("stand-in").contains("nonsense");
    }

    @Test
    void theIndexNamesEachEntryOfItsFolder() throws IOException {
        try (var files = Files.list(ENTRIES)) {
            var names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .collect(Collectors.toSet());

            assertThat(Files.readAllLines(ENTRIES.resolve("index.txt"))).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void eachEntryIsNamedAsItsFile() throws IOException {
        var ids = catalog.models().stream().map(model -> model.id() + ".json").toList();

        assertThat(ids).isEqualTo(Files.readAllLines(ENTRIES.resolve("index.txt")));
    }

    @ParameterizedTest
    @CsvSource({"starter-chatt,starter-chat", "Starter-Chat,starter-chat", "minilm,all-minilm-l6-v2"})
    void aMisspeltNameIsAnsweredWithTheNearOne(String written, String near) {
        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> catalog.resolve(written))
                .withMessage("No model is called \"" + written + "\". Did you mean " + near + "?");
    }

    @Test
    void aNameWithoutNearOnesIsAnsweredWithTheCatalog() {
        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> catalog.resolve("gpt-9000-enormous"))
                .withMessageContaining("The catalog has starter-chat, all-minilm-l6-v2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "file:",
                "file://elsewhere/model",
                "file:relative",
                "/nowhere/at/all",
                "file:/a\0b",
                "http://x/y"
            })
    void whatNamesNothingIsRefusedWithASentence(String reference) {
        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> catalog.resolve(reference))
                .withMessageMatching("(?s).{20,}");
    }

    @Test
    void aFolderIsReadFromItsConfiguration(@TempDir Path folder) throws IOException {
        var checkpoint = Files.createDirectory(folder.resolve("My Model_v1"));
        config(checkpoint, "{\"architectures\": [\"LlamaForCausalLM\"], \"max_position_embeddings\": 512}");

        var byPath = catalog.resolve(checkpoint.toString());
        var byAddress = catalog.resolve("file:" + checkpoint);

        assertThat(byPath).isEqualTo(byAddress);
        assertThat(byPath.id()).isEqualTo("my-model_v1");
        assertThat(byPath.task()).isEqualTo(Task.CHAT);
        assertThat(byPath.contextLength()).isEqualTo(512);
        assertThat(Path.of(byPath.source())).isEqualTo(checkpoint.toRealPath());
    }

    @Test
    void anEncoderMakesEmbeddings(@TempDir Path folder) throws IOException {
        config(
                folder,
                "{\"architectures\": [\"BertModel\"], \"model_type\": \"bert\", \"max_position_embeddings\": 512}");

        assertThat(catalog.resolve(folder.toString()).task()).isEqualTo(Task.EMBEDDING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"architectures\": \"LlamaForCausalLM\"}",
                "{\"architectures\": [\"LlamaForCausalLM\"]}",
                "{\"architectures\": [\"LlamaForCausalLM\"], \"max_position_embeddings\": -1}",
                "{\"architectures\": [\"LlamaForCausalLM\"], \"max_position_embeddings\": 1e99}",
                "{\"model_type\": \"vit\", \"max_position_embeddings\": 3}"
            })
    void aConfigurationThatIsNoneIsRefusedWithItsPlace(String config, @TempDir Path folder) throws IOException {
        config(folder, config);

        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> catalog.resolve(folder.toString()))
                .withMessageContaining("config.json");
    }

    @Test
    void aFolderWithoutConfigurationIsRefusedByName(@TempDir Path folder) {
        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> catalog.resolve(folder.toString()))
                .withMessageContaining("has no config.json");
    }

    @ParameterizedTest
    @CsvSource({"/x/..hidden,hidden", "/x/---,model", "/,null", "/x/Ünï,n-"})
    void anyFolderNameBecomesAnId(String folder, String id) {
        assertThat(CheckpointFolder.idOf(Path.of(folder))).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "-a", "a/b", "../a", "a b"})
    void anIdThatIsNoneIsRefused(String id) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Model(id, Task.CHAT, "", "", "", URI.create("file:/x"), false, false, 1))
                .withMessageContaining("A model's id");
    }

    private static void config(Path folder, String text) throws IOException {
        Files.writeString(folder.resolve("config.json"), text);
    }
}
