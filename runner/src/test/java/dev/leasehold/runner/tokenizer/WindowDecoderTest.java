package dev.leasehold.runner.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.runner.TestData;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowDecoderTest {
    @Test
    void piecesTogetherAreTheWholeText() throws IOException {
        try (var tokenizer = stories()) {
            for (var text : List.of("Once upon a time", "  two  spaces ", "Grüße, 世界! 🦊🦊 done", "a\nb")) {
                var tokens = tokenizer.encode(text, true);
                var decoder = tokenizer.decoder(new int[] {1});

                var pieces = pieces(decoder, tokens);

                assertThat(pieces).isEqualTo(tokenizer.decode(tokens)).isEqualTo(text);
            }
        }
    }

    @Test
    void anAnswerGoesOnWhereItsPromptEnds() throws IOException {
        try (var tokenizer = stories()) {
            var tokens = tokenizer.encode("Once upon a time 🦊 there", true);
            for (var cut = 1; cut < tokens.length; cut++) {
                var prompt = Arrays.copyOf(tokens, cut);
                var said = tokenizer.decode(prompt);

                var pieces = pieces(tokenizer.decoder(prompt), Arrays.copyOfRange(tokens, cut, tokens.length));

                if (!said.endsWith("\uFFFD")) {
                    assertThat(said + pieces).isEqualTo("Once upon a time 🦊 there");
                }
            }
        }
    }

    @Test
    void aCharacterIsHeldBackUntilItIsWhole() throws IOException {
        try (var tokenizer = stories()) {
            var fox = tokenizer.encode("🦊", false);
            var decoder = tokenizer.decoder(tokenizer.encode("A", true));

            for (var i = 0; i < fox.length - 1; i++) {
                assertThat(decoder.accept(fox[i])).isIn("", " ");
            }

            assertThat(decoder.accept(fox[fox.length - 1])).isEqualTo("🦊");
            assertThat(decoder.accept(fox[fox.length - 1])).isEmpty();
            assertThat(decoder.finish()).contains("\uFFFD");
        }
    }

    @Test
    void theWorkPerTokenDoesNotGrow() throws IOException {
        try (var tokenizer = stories()) {
            var longest = new int[1];
            var decoder = new WindowDecoder(
                    tokens -> {
                        longest[0] = Math.max(longest[0], tokens.length);
                        return tokenizer.decode(tokens);
                    },
                    token -> token < 3,
                    new int[] {1});

            new Random(3).ints(2000, 0, 512).forEach(decoder::accept);

            assertThat(longest[0]).isLessThan(20);
        }
    }

    private static String pieces(TokenDecoder decoder, int[] tokens) {
        var text = new StringBuilder();
        for (var token : tokens) {
            text.append(decoder.accept(token));
        }
        return text.append(decoder.finish()).toString();
    }

    private static TokenizerJson stories() throws IOException {
        return TokenizerJson.open(TestData.find("models/stories260k/tokenizer.json"));
    }
}
