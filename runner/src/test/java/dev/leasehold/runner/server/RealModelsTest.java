package dev.leasehold.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.catalog.artifact.ArtifactSources;
import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.catalog.model.Catalog;
import dev.leasehold.catalog.model.Model;
import dev.leasehold.runner.TestData;
import dev.leasehold.runner.onnx.OnnxModelLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Models of the catalog and a folder, pushed, loaded and asked over the wire. */
class RealModelsTest {
    private static final String GREEDY = ", \"temperature\": 0, \"max_tokens\": 60}";

    @TempDir
    Path temp;

    private TestRunner runner;

    @BeforeEach
    void start() throws IOException {
        runner = new TestRunner(temp.resolve("cache"), TestRunner.LIMITS, new OnnxModelLoader());
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    @Test
    void theStandInStreamsLettersAndEnds() throws Exception {
        deploy(Catalog.builtIn().resolve("starter-chat"));
        try (var wire = runner.connect()) {
            runner.send(
                    wire,
                    "POST",
                    "/v1/chat/completions",
                    "{\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}], \"seed\": 5, \"stream\": true}");

            assertThat(wire.status()).isEqualTo(200);
            var choices = AnswerTest.events(wire).stream()
                    .map(chunk -> chunk.path("choices").get(0))
                    .toList();
            var text = new StringBuilder();
            choices.forEach(
                    choice -> text.append(choice.path("delta").path("content").asString("")));
            assertThat(text.toString()).isNotEmpty().matches("[a-z .,\n]+");
            assertThat(choices.getLast().path("finish_reason").stringValue()).isEqualTo("stop");
        }
    }

    @Test
    void theEmbeddingModelKnowsWhatIsAlike() throws Exception {
        deploy(Catalog.builtIn().resolve("all-minilm-l6-v2"));

        var answer = runner.ask(
                "POST",
                "/v1/embeddings",
                "{\"input\": [\"A cat sits on the mat.\", \"A kitten lies on the rug.\", \"The stock market fell.\"]}");

        var vectors = new ArrayList<float[]>();
        answer.json()
                .path("data")
                .forEach(item -> vectors.add(new JsonMapper().convertValue(item.path("embedding"), float[].class)));
        assertThat(vectors).allSatisfy(vector -> assertThat(vector).hasSize(384));
        assertThat(dot(vectors.get(0), vectors.get(1))).isGreaterThan(dot(vectors.get(0), vectors.get(2)) + 0.3);
    }

    @Test
    void aFolderContinuesAsItsPublishedAnswer() throws Exception {
        var folder = TestData.find("models/stories260k");
        deploy(Catalog.builtIn().resolve("file:" + folder));

        var answer = runner.ask("POST", "/v1/completions", "{\"prompt\": \"\"" + GREEDY);

        var text = answer.json().path("choices").get(0).path("text").stringValue();
        assertThat(text).isNotBlank();
        assertThat(Files.readString(folder.resolve("greedy.txt"))).startsWith(text.strip());
    }

    private void deploy(Model model) throws Exception {
        var files = new ArtifactSources(new ArtifactStore(temp.resolve("store"))).open(model);
        List<Map<String, Object>> list = new ArrayList<>();
        for (var file : files.files()) {
            var artifact = file.artifact();
            var answer = runner.put(artifact.sha256(), Files.readAllBytes(file.path()), 0, artifact.sizeBytes());
            assertThat(answer.status()).isEqualTo(201);
            list.add(Map.of("name", file.name(), "sha256", artifact.sha256(), "size_bytes", artifact.sizeBytes()));
        }
        var order = Map.of(
                "name", model.id(),
                "task", model.task().name().toLowerCase(Locale.ROOT),
                "context_length", model.contextLength(),
                "slots", 4,
                "files", list);
        assertThat(runner.ask("PUT", "/model", Json.write(order)).status()).isEqualTo(202);
        runner.awaitStage("ready");
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int index = 0; index < left.length; index++) {
            sum += left[index] * right[index];
        }
        return sum;
    }
}
