package dev.leasehold.gateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ConsoleChatTest {
    private static final String HELLO = """
            {"deployment": "chatty", "messages": [{"role": "user", "content": "Hello"}]}""";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder;

    private static ConsoleWorld world;

    @BeforeAll
    static void start() {
        world = new ConsoleWorld(folder);
    }

    @BeforeEach
    void forget() {
        world.forgetsEverything();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void theRelayIsAskedForAStreamWithUsage() {
        world.relay.done(0);

        chat(HELLO);

        assertThat(JSON.readTree(world.relay.asked())).isEqualTo(JSON.readTree("""
                {"model": "chatty", "messages": [{"role": "user", "content": "Hello"}],
                 "stream": true, "stream_options": {"include_usage": true}}"""));
    }

    @Test
    void eachPieceArrivesBeforeTheNextIsWritten() throws IOException {
        try (var browser = new Browser(HELLO)) {
            world.relay.piece("one");
            assertThat(browser.nextEvent()).contains("\"one\"");

            world.relay.piece("two");
            assertThat(browser.nextEvent()).contains("\"two\"");

            world.relay.done(2);
            assertThat(browser.nextEvent()).contains("completion_tokens");
            assertThat(browser.nextEvent()).isEqualTo("data: [DONE]");
        }
    }

    @Test
    void aRefusalIsAnEventThatThePageCanShow() {
        world.relay.refuse(404, "There is no deployment called \"chatty\".");

        var answer = chat(HELLO);

        assertThat(answer).contains("data: {\"error\":{\"message\":\"There is no deployment called");
        assertThat(answer).doesNotContain("[DONE]");
    }

    @Test
    void anAnswerThatIsCutSaysSoAndNeverLooksComplete() {
        world.relay.raw("data: {\"half\":");
        world.relay.cut();

        var answer = chat(HELLO);

        assertThat(answer).contains("data: {\"half\":\n\ndata: {\"error\":{\"message\":\"The answer broke off.\"");
        assertThat(answer).doesNotContain("[DONE]");
    }

    @Test
    void nothingIsWrittenIntoTheMiddleOfAnEvent() throws IOException {
        try (var browser = new Browser(HELLO)) {
            world.relay.raw("data: {\"a");
            assertThat(browser.heardUntilSilence()).endsWith("data: {\"a");
            world.relay.raw("b\": 1}\n");
            assertThat(browser.heardUntilSilence()).isEqualTo("b\": 1}\n");

            world.relay.raw("\n");
            browser.seesAComment();

            world.relay.done(0);
        }
    }

    @Test
    void aBrowserThatLeavesWhileItsPromptWaitsIsNoticed() throws Exception {
        try (var browser = new Browser(HELLO)) {
            browser.seesAComment();
        }

        assertThat(world.relay.seesThatTheClientLeaves()).isTrue();
    }

    @Test
    void aBrowserThatLeavesBetweenTwoPiecesIsNoticed() throws Exception {
        try (var browser = new Browser(HELLO)) {
            world.relay.piece("one");
            assertThat(browser.nextEvent()).contains("one");
        }

        assertThat(world.relay.seesThatTheClientLeaves()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"deployment\": \"a\"}",
                "{\"deployment\": \"a\", \"messages\": []}",
                "{\"deployment\": \"a\", \"messages\": [null]}",
                "{\"deployment\": \"a\", \"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]}",
                "{\"deployment\": \"a\", \"messages\": [{\"role\": \"user\"}]}",
                "{\"deployment\": \" \", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}"
            })
    void whatIsNoTalkIsRefusedInASentence(String body) {
        var answer = chat(body);

        assertThat(answer).startsWith("HTTP/1.1 422").contains("application/problem+json", "\"detail\":\"");
    }

    @Test
    void aTalkThatIsTooLongIsRefused() {
        var message = "{\"role\": \"user\", \"content\": \"x\"}";
        var many = "{\"deployment\": \"a\", \"messages\": [" + (message + ",").repeat(100) + message + "]}";
        var large = HELLO.replace("Hello", "x".repeat(600_000));
        var largeMessage = HELLO.replace("Hello", "x".repeat(100_001));

        for (var body : List.of(many, large, largeMessage)) {
            assertThat(chat(body)).startsWith("HTTP/1.1 422");
        }
    }

    @Test
    void anotherPageCannotChat() {
        var headers = List.of("Host: 127.0.0.1", "Content-Type: application/json", "Origin: http://evil.example");

        assertThat(world.http().send("POST /console/chat", HELLO, headers).status())
                .isEqualTo(403);
    }

    private static String chat(String body) {
        var answer = world.http().send("POST /console/chat", body, Browser.HEADERS);
        return answer.header() + "\r\n\r\n" + answer.body();
    }

    /** Reads an answer as it comes. */
    private static final class Browser implements AutoCloseable {
        static final List<String> HEADERS =
                List.of("Host: 127.0.0.1", "Content-Type: application/json", "Sec-Fetch-Site: same-origin");

        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.port());
        private final BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

        Browser(String body) throws IOException {
            socket.setSoTimeout(30_000);
            var request = "POST /console/chat HTTP/1.0\r\n" + String.join("\r\n", HEADERS) + "\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(UTF_8));
            assertThat(lines.readLine()).contains("200");
            for (var line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                assertThat(line).isNotNull();
            }
        }

        void seesAComment() throws IOException {
            for (var line = lines.readLine(); !line.equals(":"); line = lines.readLine()) {
                assertThat(line).isEmpty();
            }
        }

        /** All that comes until nothing comes for a while that is longer than that between two comments. */
        String heardUntilSilence() throws IOException {
            var heard = new StringBuilder();
            socket.setSoTimeout(400);
            try {
                for (int next = lines.read(); next >= 0; next = lines.read()) {
                    heard.append((char) next);
                }
                throw new AssertionError("The answer has ended.");
            } catch (SocketTimeoutException _) {
                return heard.toString();
            } finally {
                socket.setSoTimeout(30_000);
            }
        }

        String nextEvent() throws IOException {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty() && !line.startsWith(":")) {
                    return line;
                }
            }
            return "the end";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
