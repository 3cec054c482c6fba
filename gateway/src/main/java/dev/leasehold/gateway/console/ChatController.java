package dev.leasehold.gateway.console;

import dev.leasehold.gateway.console.ChatRequest.Message;
import dev.leasehold.gateway.openai.ChatRelay;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/** The page's chat box: asks for an answer as the page's user, so that no API key is needed in the browser. */
@RestController
class ChatController {
    private static final int CHATS_MAX = 32;

    private final ChatRelay relay;
    private final JsonMapper json;
    private final Semaphore places = new Semaphore(CHATS_MAX);

    ChatController(ChatRelay relay, JsonMapper json) {
        this.relay = relay;
        this.json = json;
    }

    private record Body(
            @Nullable String deployment, @Nullable List<@Nullable Message> messages) {}

    @JsonNaming(SnakeCaseStrategy.class)
    private record RelayBody(String model, List<Message> messages, boolean stream, StreamOptions streamOptions) {}

    @JsonNaming(SnakeCaseStrategy.class)
    private record StreamOptions(boolean includeUsage) {}

    static final class TooManyChatsException extends RuntimeException {}

    /** Blocks until the answer has ended, or its reader has left. */
    @PostMapping(path = "/console/chat", consumes = MediaType.APPLICATION_JSON_VALUE)
    void chat(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var talk = talk(request);
        var body = json.writeValueAsBytes(
                new RelayBody(talk.deployment(), talk.messages(), true, new StreamOptions(true)));
        if (!places.tryAcquire()) {
            throw new TooManyChatsException();
        }
        try (var exchange = ServletExchange.open(response, body)) {
            relay.chat(exchange);
        } finally {
            places.release();
        }
    }

    private ChatRequest talk(HttpServletRequest request) throws IOException {
        var bytes = request.getInputStream().readNBytes(ChatRequest.BODY_BYTES_MAX + 1);
        if (bytes.length > ChatRequest.BODY_BYTES_MAX) {
            throw new ChatRefusedException("The talk is too long. Start a new one.");
        }
        try {
            var body = json.readValue(bytes, Body.class);
            return ChatRequest.of(body.deployment(), body.messages());
        } catch (JacksonException _) {
            throw new ChatRefusedException(
                    "This is not the JSON of a chat: {deployment, messages: [{role, content}]}.");
        }
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(ChatRefusedException refusal) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(refusal.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooMany(TooManyChatsException e) {
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE, CHATS_MAX + " answers are being written already. Try again later.");
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String sentence) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDetail.forStatusAndDetail(status, sentence));
    }
}
