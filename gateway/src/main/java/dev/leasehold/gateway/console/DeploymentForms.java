package dev.leasehold.gateway.console;

import dev.leasehold.deploy.api.DeploymentFeed.News;
import dev.leasehold.deploy.deployment.DeploymentRefusedException;
import dev.leasehold.deploy.deployment.DeploymentRefusedException.Kind;
import dev.leasehold.deploy.deployment.DeploymentRequest;
import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.deployment.DeploymentView;
import dev.leasehold.deploy.market.MarketException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** What the page's forms do. Answers are pieces of HTML that htmx puts into the page. */
@RestController
class DeploymentForms {
    private static final Logger log = LoggerFactory.getLogger(DeploymentForms.class);

    private final DeploymentService deployments;
    private final StatusBoard board;
    private final StatusFragment fragment;

    DeploymentForms(DeploymentService deployments, StatusBoard board, StatusFragment fragment) {
        this.deployments = deployments;
        this.board = board;
        this.fragment = fragment;
    }

    @PostMapping(path = "/console/deployments", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<String> deploy(
            @RequestParam(name = "model", defaultValue = "") String model,
            @RequestParam(name = "name", defaultValue = "") String name,
            @RequestParam(name = "replicas", defaultValue = "1") String replicas) {
        var wantedName = Optional.of(name.strip()).filter(text -> !text.isEmpty());
        var known = wantedName.flatMap(deployments::find);
        var request = new DeploymentRequest(
                model.strip(), wantedName, replicas(replicas), Optional.empty(), Optional.empty());
        var view = deployments.deploy(request);
        return said(HttpStatus.OK, "good", known.isPresent() ? alreadyThere(view) : onItsWay(view));
    }

    private static int replicas(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException _) {
            throw new DeploymentRefusedException(Kind.INVALID, "Replicas is a whole number, such as 1.");
        }
    }

    private static String onItsWay(DeploymentView view) {
        return view.name() + " is on its way.";
    }

    private static String alreadyThere(DeploymentView view) {
        return view.name() + " is deployed already. Another name makes a second deployment of the same model.";
    }

    /** Begins a deployment's end; one that is gone already is no mistake. */
    @DeleteMapping("/console/deployments/{name}")
    ResponseEntity<String> remove(@PathVariable("name") String name) {
        var _ = deployments.remove(name);
        return html(HttpStatus.OK, fragment.html(board.view(new News(deployments.list(), true))));
    }

    @ExceptionHandler
    ResponseEntity<String> refused(DeploymentRefusedException refusal) {
        var status = switch (refusal.kind()) {
            case UNKNOWN_MODEL -> HttpStatus.NOT_FOUND;
            case NAME_TAKEN -> HttpStatus.CONFLICT;
            case INVALID, NO_OFFER -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
        return said(status, "warn", String.valueOf(refusal.getMessage()));
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class, MarketException.class})
    ResponseEntity<String> unavailable(RuntimeException e) {
        log.debug("A form was not carried out.", e);
        return said(
                HttpStatus.SERVICE_UNAVAILABLE,
                "warn",
                "The database does not answer. What serves goes on serving; try again in a moment.");
    }

    private static ResponseEntity<String> said(HttpStatus status, String tone, String sentence) {
        return html(status, "<p class=\"said " + tone + "\">" + HtmlUtils.htmlEscape(sentence, "UTF-8") + "</p>");
    }

    private static ResponseEntity<String> html(HttpStatus status, String content) {
        return ResponseEntity.status(status)
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .body(content);
    }
}
