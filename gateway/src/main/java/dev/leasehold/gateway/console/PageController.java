package dev.leasehold.gateway.console;

import dev.leasehold.catalog.model.Catalog;
import dev.leasehold.deploy.api.DeploymentFeed;
import dev.leasehold.deploy.api.TooManyListenersException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page. */
@Controller
class PageController {
    /** The page does not wait for a database that does not answer: what is missing comes by its event stream. */
    private static final Duration STATUS_MAX = Duration.ofSeconds(1);

    private final Catalog catalog;
    private final DeploymentFeed feed;
    private final StatusBoard board;
    private final CurlLines curl;
    private final Assets assets;

    PageController(Catalog catalog, DeploymentFeed feed, StatusBoard board, CurlLines curl, Assets assets) {
        this.catalog = catalog;
        this.feed = feed;
        this.board = board;
        this.curl = curl;
        this.assets = assets;
    }

    @GetMapping("/")
    String page(Model model, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        model.addAttribute("assets", assets);
        model.addAttribute("models", catalog.models());
        model.addAttribute("apiUrl", curl.apiUrl());
        model.addAttribute("status", status());
        return "console/page";
    }

    private StatusView status() {
        try (var listener = feed.listen()) {
            return listener.next(STATUS_MAX).map(board::view).orElse(StatusView.NOTHING_YET);
        } catch (TooManyListenersException _) {
            return StatusView.NOTHING_YET;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return StatusView.NOTHING_YET;
        }
    }
}
