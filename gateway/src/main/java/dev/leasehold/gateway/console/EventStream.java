package dev.leasehold.gateway.console;

import dev.leasehold.deploy.api.DeploymentFeed;
import dev.leasehold.deploy.api.DeploymentFeed.News;
import dev.leasehold.deploy.api.TooManyListenersException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The changing part of the page as server-sent events: all of it now, and again whenever something of it changes. */
@RestController
class EventStream {
    /** How soon a host that joins is seen. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** A browser that has left is noticed by what is sent to it. */
    private static final int LOOKS_WITHOUT_A_WORD_MAX = 5;

    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(5);
    private static final long NO_TIMEOUT = 0;

    private final DeploymentFeed feed;
    private final StatusBoard board;
    private final StatusFragment fragment;

    EventStream(DeploymentFeed feed, StatusBoard board, StatusFragment fragment) {
        this.feed = feed;
        this.board = board;
        this.fragment = fragment;
    }

    @GetMapping(path = "/console/events", produces = "text/event-stream")
    ResponseEntity<SseEmitter> events() {
        try {
            var listener = feed.listen();
            var emitter = new SseEmitter(NO_TIMEOUT);
            Thread.ofVirtual().name("console-events").start(() -> send(emitter, listener));
            return ResponseEntity.ok(emitter);
        } catch (TooManyListenersException _) {
            return ResponseEntity.status(503)
                    .header("Retry-After", String.valueOf(TRY_AGAIN_AFTER.toSeconds()))
                    .build();
        }
    }

    /** Goes on until the browser is gone. */
    private void send(SseEmitter emitter, DeploymentFeed.Listener listener) {
        try (listener) {
            var news = new News(List.of(), false);
            var shown = StatusView.NOTHING_YET;
            for (int looks = 1; ; looks++) {
                var next = listener.next(LOOK_EVERY);
                news = next.orElse(news);
                var status = next.isPresent() || shown.isRead() ? board.view(news) : shown;
                if (!status.equals(shown)) {
                    emitter.send(SseEmitter.event().name("status").data(fragment.html(status)));
                    shown = status;
                } else if (looks % LOOKS_WITHOUT_A_WORD_MAX == 0) {
                    emitter.send(SseEmitter.event().comment("heartbeat"));
                }
            }
        } catch (IOException | RuntimeException e) {
            emitter.completeWithError(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            emitter.complete();
        }
    }
}
