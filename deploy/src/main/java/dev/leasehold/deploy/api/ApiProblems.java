package dev.leasehold.deploy.api;

import dev.leasehold.deploy.deployment.DeploymentRefusedException;
import dev.leasehold.deploy.market.MarketException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Errors as problem details.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
 */
@RestControllerAdvice(basePackageClasses = ApiProblems.class)
public class ApiProblems extends ResponseEntityExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(ApiProblems.class);

    @ExceptionHandler
    ProblemDetail refused(DeploymentRefusedException refusal) {
        return switch (refusal.kind()) {
            case UNKNOWN_MODEL -> problem(HttpStatus.NOT_FOUND, "Unknown model", refusal);
            case NAME_TAKEN -> problem(HttpStatus.CONFLICT, "Name taken", refusal);
            case INVALID -> problem(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid request", refusal);
            case NO_OFFER -> problem(HttpStatus.UNPROCESSABLE_CONTENT, "No offer", refusal);
        };
    }

    @ExceptionHandler
    ProblemDetail notFound(NotFoundException notFound) {
        return problem(HttpStatus.NOT_FOUND, "Unknown deployment", notFound);
    }

    @ExceptionHandler
    ProblemDetail tooMany(TooManyListenersException tooMany) {
        return problem(HttpStatus.SERVICE_UNAVAILABLE, "Too many listeners", tooMany);
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class, MarketException.class})
    ProblemDetail unavailable(RuntimeException e) {
        log.debug("A request was not answered.", e);
        var problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The database does not answer. What serves goes on serving; ask again.");
        problem.setTitle("Database unavailable");
        return problem;
    }

    private static ProblemDetail problem(HttpStatus status, String title, RuntimeException e) {
        var problem = ProblemDetail.forStatusAndDetail(status, String.valueOf(e.getMessage()));
        problem.setTitle(title);
        return problem;
    }
}
