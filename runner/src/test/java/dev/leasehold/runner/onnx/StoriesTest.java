package dev.leasehold.runner.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.leasehold.catalog.model.Task;
import dev.leasehold.runner.TestData;
import dev.leasehold.runner.serving.Generation;
import dev.leasehold.runner.serving.Generation.Event.Finished;
import dev.leasehold.runner.serving.Generation.FinishReason;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.GenerationRequest.Sampling;
import dev.leasehold.runner.serving.ModelLoader.Spec;
import dev.leasehold.runner.serving.ServedModel.Writer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    @Test
    void anAnswerDoesNotDependOnWhoElseIsInTheBatch() throws Exception {
        var prompts = Stream.of("", "Once", "Tom had a red car. He", "The dog ".repeat(60), "Lily")
                .map(text -> writer.tokenizer().encode(text, true))
                .toList();
        var alone = new ArrayList<String>();
        for (var prompt : prompts) {
            alone.add(Answers.read(writer.generate(greedy(prompt, 60))).text(0));
        }

        var random = new Random(7);
        for (var round = 0; round < 5; round++) {
            var order =
                    new ArrayList<>(IntStream.range(0, prompts.size()).boxed().toList());
            Collections.shuffle(order, random);
            var running = new TreeMap<Integer, Generation>();
            for (var index : order) {
                try (var disturbance = writer.generate(greedy(prompts.getLast(), 10 + random.nextInt(50)))) {
                    disturbance.next(Duration.ofMillis(random.nextInt(1, 4)));
                }
                running.put(index, writer.generate(greedy(prompts.get(index), 60)));
            }

            for (var answer : running.entrySet()) {
                assertThat(Answers.read(answer.getValue()).text(0)).isEqualTo(alone.get(answer.getKey()));
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameAnswerAndItsChoicesDiffer() throws Exception {
        var prompt = writer.tokenizer().encode("Once upon a time", true);
        var request = new GenerationRequest(prompt, 3, 40, List.of(), false, new Sampling(1, 0.95, 42));

        var first = Answers.read(writer.generate(request));
        var second = Answers.read(writer.generate(request));

        assertThat(second.texts()).isEqualTo(first.texts());
        assertThat(first.texts().values()).doesNotHaveDuplicates().hasSize(3);
    }

    @Test
    void anAnswerEndsBeforeAStopStringThatSpansTokens() throws Exception {
        var request = new GenerationRequest(new int[] {1}, 1, 300, List.of("big, red"), false, new Sampling(0, 1, 0));

        var answer = Answers.read(writer.generate(request));

        assertThat(answer.text(0)).endsWith("One day, she saw a ");
        assertThat(answer.end(0).reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void anAnswerEndsWithTheContext() throws Exception {
        var prompt = writer.tokenizer().encode("The dog ", true);
        var request = new GenerationRequest(prompt, 1, 10_000, List.of(), true, new Sampling(0, 1, 0));

        var answer = Answers.read(writer.generate(request));

        assertThat(answer.end(0)).isEqualTo(new Finished(0, FinishReason.LENGTH, 512 - prompt.length));
    }

    @Test
    void aPromptThatFillsTheContextIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.generate(greedy(new int[512], 1)))
                .withMessageContaining("512 tokens");
    }

    private static GenerationRequest greedy(int[] prompt, int maxTokens) {
        return new GenerationRequest(prompt, 1, maxTokens, List.of(), false, new Sampling(0, 1, 0));
    }
}
