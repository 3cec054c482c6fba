package dev.leasehold.deploy.api;

import java.io.IOException;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The deployments as server-sent events: all of them now, and again whenever something of them changes. */
@RestController
public class EventController {
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final long NO_TIMEOUT = 0;

    private final DeploymentFeed feed;

    public EventController(DeploymentFeed feed) {
        this.feed = feed;
    }

    @GetMapping(path = "/api/events", produces = "text/event-stream")
    SseEmitter events() {
        var emitter = new SseEmitter(NO_TIMEOUT);
        var listener = feed.listen();
        Thread.ofVirtual().name("deployment-events").start(() -> send(emitter, listener));
        return emitter;
    }

    /** Goes on until the client is gone, which shows at the next event or heartbeat. */
    private static void send(SseEmitter emitter, DeploymentFeed.Listener listener) {
        try (listener) {
            while (true) {
                // Without the database, the list that clients have is the one there is.
                var next = listener.next(HEARTBEAT).filter(DeploymentFeed.News::isCurrent);
                emitter.send(
                        next.isPresent()
                                ? SseEmitter.event().name("deployments").data(json(next.get()))
                                : SseEmitter.event().comment("heartbeat"));
            }
        } catch (IOException | IllegalStateException e) {
            emitter.completeWithError(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            emitter.complete();
        }
    }

    private static ListJson<DeploymentJson> json(DeploymentFeed.News news) {
        return new ListJson<>(
                news.deployments().stream().map(DeploymentJson::of).toList());
    }
}
