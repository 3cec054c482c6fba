package dev.leasehold.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.catalog.model.Task;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurlLinesTest {
    @Test
    void aLineCanBePastedAsItIs() {
        var curl = new CurlLines("127.0.0.1", 8080, Path.of("/home/me/.leasehold"));

        assertThat(curl.of(Task.EMBEDDING, "mini")).isEqualTo("""
                curl http://127.0.0.1:8080/v1/embeddings \\
                  -H "Authorization: Bearer $(cat /home/me/.leasehold/key)" \\
                  -H "Content-Type: application/json" \\
                  -d '{"model": "mini", "input": "No lease is leaked."}'""");
        assertThat(curl.of(Task.CHAT, "chatty")).startsWith("curl -N http://127.0.0.1:8080/v1/chat/completions ");
    }

    @Test
    void aFolderWithAnyNameIsOneWordOfTheShell() {
        assertThat(new CurlLines("127.0.0.1", 1, Path.of("/it's; rm -rf $HOME")).of(Task.CHAT, "a"))
                .contains("$(cat '/it'\\''s; rm -rf $HOME/key')");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, http://127.0.0.1:8080/v1",
        "::, http://127.0.0.1:8080/v1",
        "::1, http://[0:0:0:0:0:0:0:1]:8080/v1",
        "192.0.2.7, http://192.0.2.7:8080/v1",
        "localhost, http://localhost:8080/v1"
    })
    void theAddressIsOneThatCanBeDialled(String address, String url) {
        assertThat(new CurlLines(address, 8080, Path.of("/h")).apiUrl()).isEqualTo(url);
    }
}
