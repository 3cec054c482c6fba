package dev.leasehold.catalog.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class StandInTest {
    private static final long BYTES_MAX = 1_000_000;

    @TempDir
    Path temp;

    private final JsonMapper json = new JsonMapper();

    @Test
    void itIsTheSameEachTimeAndSmall() throws IOException {
        new StandIn().write(temp.resolve("a"));
        new StandIn().write(temp.resolve("b"));

        for (var name : new String[] {"config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"}) {
            assertThat(temp.resolve("a").resolve(name))
                    .hasSameBinaryContentAs(temp.resolve("b").resolve(name));
        }
        assertThat(Files.size(temp.resolve("a/model.safetensors"))).isLessThan(BYTES_MAX);
    }

    @Test
    void eachByteAndMarkHasATokenOfItsOwn() throws IOException {
        new StandIn().write(temp);

        var tokenizer = json.readTree(Files.readAllBytes(temp.resolve("tokenizer.json")));

        assertThat(tokenizer.path("model").path("vocab").size()).isEqualTo(256);
        assertThat(tokenizer.path("model").path("vocab").path("\u0120").intValue())
                .isEqualTo(' ');
        assertThat(tokenizer.path("added_tokens").get(2).path("content").stringValue())
                .isEqualTo("<|im_end|>");
        assertThat(tokenizer.path("added_tokens").get(2).path("id").intValue()).isEqualTo(StandIn.MESSAGE_END);
    }

    @Test
    void itsTensorsFillTheFileAsItsHeadSays() throws IOException {
        new StandIn().write(temp);

        var bytes = ByteBuffer.wrap(Files.readAllBytes(temp.resolve("model.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong();
        var head = json.readTree(new String(bytes.array(), Long.BYTES, length, StandardCharsets.UTF_8));

        int end = 0;
        for (var tensor : head.properties()) {
            assertThat(tensor.getValue().path("data_offsets").get(0).intValue()).isEqualTo(end);
            end = tensor.getValue().path("data_offsets").get(1).intValue();
        }
        assertThat(head.size()).isEqualTo(2 + StandIn.LAYERS * 9);
        assertThat(bytes.capacity()).isEqualTo(Long.BYTES + length + end);
    }
}
