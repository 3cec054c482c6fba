package dev.leasehold.gateway.admission;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Errors of the keys' endpoints as problem details.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
 */
@RestControllerAdvice(assignableTypes = KeyController.class)
class KeyProblems extends ResponseEntityExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(KeyProblems.class);

    @ExceptionHandler
    ProblemDetail refused(KeyRefusedException refusal) {
        var message = String.valueOf(refusal.getMessage());
        return switch (refusal.kind()) {
            case INVALID -> problem(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid request", message);
            case TOO_MANY -> problem(HttpStatus.CONFLICT, "Too many keys", message);
            case UNKNOWN -> problem(HttpStatus.NOT_FOUND, "Unknown key", message);
        };
    }

    @ExceptionHandler
    ProblemDetail unavailable(DataAccessException e) {
        log.debug("A request was not answered.", e);
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "Database unavailable",
                "The database does not answer. What serves goes on serving; ask again.");
    }

    private static ProblemDetail problem(HttpStatus status, String title, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setTitle(title);
        return problem;
    }
}
