package dev.leasehold.runner.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.catalog.model.Task;
import dev.leasehold.runner.TestData;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.GenerationRequest.Sampling;
import dev.leasehold.runner.serving.ModelLoader.Spec;
import dev.leasehold.runner.serving.ServedModel.Writer;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A trained model, from its files to its text. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoriesTest {
    private static final String NAME = "models/stories260k";

    private Writer writer;

    @BeforeAll
    void load() {
        var files = TestData.files(TestData.find(NAME));
        var spec = new Spec("stories260k", Task.CHAT, files, 2048, 8, 2);
        writer = (Writer) new OnnxModelLoader().load(spec, _ -> {});
    }

    @AfterAll
    void close() {
        if (writer != null) {
            writer.close();
        }
    }

    @Test
    void continuesTheEmptyPromptAsThePublishedAnswerSays() throws Exception {
        var expected = Files.readString(TestData.find(NAME + "/greedy.txt"));
        var prompt = writer.tokenizer().encode("", true);

        var answer = Answers.read(writer.generate(greedy(prompt, 300)));

        assertThat(prompt).containsExactly(1);
        assertThat(answer.text(0)).startsWith(expected);
    }

    private static GenerationRequest greedy(int[] prompt, int maxTokens) {
        return new GenerationRequest(prompt, 1, maxTokens, List.of(), false, new Sampling(0, 1, 0));
    }
}
