package dev.leasehold.runner.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.leasehold.catalog.model.Task;
import dev.leasehold.runner.serving.ModelLoader.Spec;
import dev.leasehold.runner.serving.ServedModel.Embedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The embedding model that comes with the catalog. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MiniLmTest {
    private Embedder embedder;

    @BeforeAll
    void load(@TempDir Path folder) throws IOException {
        var model = copy("/all-minilm-l6-v2-q.onnx", folder.resolve("model.onnx"));
        var tokenizer = copy("/all-minilm-l6-v2-q-tokenizer.json", folder.resolve("tokenizer.json"));
        var files = Map.of("model.onnx", model, "tokenizer.json", tokenizer);
        embedder = (Embedder) new OnnxModelLoader().load(new Spec("minilm", Task.EMBEDDING, files, 512, 8, 2), _ -> {});
    }

    private static Path copy(String resource, Path target) throws IOException {
        try (var in = Objects.requireNonNull(MiniLmTest.class.getResourceAsStream(resource))) {
            Files.copy(in, target);
        }
        return target;
    }

    @AfterAll
    void close() {
        embedder.close();
    }

    @Test
    void likeSentencesAreNearerThanUnlikeOnes() {
        var vectors = embedder.embed(List.of(
                        "A cat sleeps on the sofa.",
                        "A kitten is napping on the couch.",
                        "Interest rates rose by half a percent."))
                .vectors();

        var alike = dot(vectors.get(0), vectors.get(1));
        var unlike = dot(vectors.get(0), vectors.get(2));

        assertThat(alike).isGreaterThan(0.5).isGreaterThan(unlike + 0.3);
        assertThat(vectors).allSatisfy(vector -> assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5)));
        assertThat(embedder.dimensions()).isEqualTo(384);
    }

    @Test
    void aTextHasTheSameVectorAloneAndAmongOthers() {
        var texts = IntStream.range(0, 40)
                .mapToObj(count -> "Number " + count + " and more words ".repeat(count))
                .toList();

        var together = embedder.embed(texts).vectors();

        for (var text : List.of(0, 13, 39)) {
            var alone = embedder.embed(List.of(texts.get(text))).vectors().getFirst();
            assertThat(dot(alone, together.get(text))).isCloseTo(1, within(COSINE_TOLERANCE));
        }
    }

    @Test
    void aTextThatIsTooLongIsRefusedWithItsLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> embedder.embed(List.of("word ".repeat(600))))
                .withMessageContaining("602 tokens")
                .withMessageContaining("512");
    }

    private static final double COSINE_TOLERANCE = 1e-4;

    private static double dot(float[] one, float[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> (double) one[i] * other[i])
                .sum();
    }
}
