package dev.leasehold.runner.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.leasehold.runner.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
    private static final String CHATML = "{% for message in messages %}"
            + "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final List<Map<String, Object>> MESSAGES =
            List.of(Map.of("role", "user", "content", "Hi {{ 7 * 7 }} {% raw %} <b>"));

    @Test
    void chatMlIsRenderedAndWhatUsersWriteIsLeftAsItIs() {
        var template = new JinjaChatTemplate(CHATML, Map.of());

        assertThat(template.render(MESSAGES))
                .isEqualTo("<|im_start|>user\nHi {{ 7 * 7 }} {% raw %} <b><|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void aTemplateMayRefuse() {
        var template = new JinjaChatTemplate("{{ raise_exception('No such role.') }}", Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> template.render(MESSAGES))
                .withMessageEndingWith("says: No such role.");
    }

    @Test
    void withoutATemplateTheContentsFollowTheBeginOfText() {
        assertThat(new PlainTemplate("<s>").render(MESSAGES)).isEqualTo("<s>Hi {{ 7 * 7 }} {% raw %} <b>");
    }

    @Test
    void aPublishedTemplateIsRenderedToTheLetter() throws IOException {
        assertThat(published("Qwen-Qwen2.5-7B-Instruct")).isEqualTo("""
                        <|im_start|>system
                        You are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>
                        <|im_start|>user
                        Q1<|im_end|>
                        <|im_start|>assistant
                        A1<|im_end|>
                        <|im_start|>user
                        Q2<|im_end|>
                        <|im_start|>assistant
                        """);
        assertThat(published("mistralai-Mistral-Nemo-Instruct-2407"))
                .isEqualTo("<s>[INST]Q1[/INST]A1</s>[INST]Q2[/INST]");
        assertThat(published("meta-llama-Llama-3.1-8B-Instruct"))
                .endsWith("<|start_header_id|>user<|end_header_id|>\n\nQ2<|eot_id|>"
                        + "<|start_header_id|>assistant<|end_header_id|>\n\n");
    }

    private static String published(String name) throws IOException {
        var source = Files.readString(TestData.find("chat-templates/" + name + ".jinja"));
        return new JinjaChatTemplate(source, Map.of("bos_token", "<s>", "eos_token", "</s>"))
                .render(List.of(
                        Map.of("role", "user", "content", "Q1"),
                        Map.of("role", "assistant", "content", "A1"),
                        Map.of("role", "user", "content", "Q2")));
    }
}
