package dev.leasehold.gateway.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.gateway.admission.LoopbackRules.Source;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Stands before everything on the management port: docs/adr/0008. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ManagementGuard extends OncePerRequestFilter {
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private final ApiKeys keys;
    private final JsonMapper json;

    ManagementGuard(ApiKeys keys, JsonMapper json) {
        this.keys = keys;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        protect(response);
        var source = source(request);
        if (!LoopbackRules.isLoopback(source.host())) {
            refuse(response, HttpStatus.FORBIDDEN, "Open this machine's console as http://127.0.0.1 or localhost.");
            return;
        }
        boolean passes = switch (ManagementPaths.of(path(request))) {
            case CONSOLE -> passesAsPage(request, source, response);
            case API -> passesWithKey(request, response);
            case WATCH -> true;
            case ABSENT -> {
                refuse(response, HttpStatus.NOT_FOUND, "There is nothing here.");
                yield false;
            }
        };
        if (passes) {
            chain.doFilter(request, response);
        }
    }

    private static void protect(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Not no-referrer: it would have browsers send "Origin: null" with forms.
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    private static Source source(HttpServletRequest request) {
        return new Source(
                Optional.ofNullable(request.getHeader(HttpHeaders.HOST)).orElse(""),
                Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN)),
                Optional.ofNullable(request.getHeader("Sec-Fetch-Site")),
                Optional.ofNullable(request.getHeader("Sec-Fetch-Mode")));
    }

    /** Not the request's URI: what matches behind us is decoded and normalised. */
    private static String path(HttpServletRequest request) {
        return request.getServletPath()
                + Optional.ofNullable(request.getPathInfo()).orElse("");
    }

    private boolean passesAsPage(HttpServletRequest request, Source source, HttpServletResponse response)
            throws IOException {
        boolean passes = READING.contains(request.getMethod())
                ? LoopbackRules.mayRead(source)
                : LoopbackRules.isFromOurPage(source);
        if (!passes) {
            refuse(response, HttpStatus.FORBIDDEN, "Only the console's own page may ask this.");
        }
        return passes;
    }

    private boolean passesWithKey(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var token = BearerToken.of(request.getHeader(HttpHeaders.AUTHORIZATION));
        return switch (token.map(keys::authenticate).orElseGet(KeyCheck.Unknown::new)) {
            case KeyCheck.Known _ -> true;
            case KeyCheck.Unknown _ -> {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"leasehold\"");
                refuse(
                        response,
                        HttpStatus.UNAUTHORIZED,
                        token.isPresent()
                                ? "The API key is unknown or was revoked."
                                : "An API key is wanted: Authorization: Bearer sk-lh-...");
                yield false;
            }
            case KeyCheck.Unavailable _ -> {
                response.setHeader(HttpHeaders.RETRY_AFTER, "1");
                refuse(
                        response,
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The API key cannot be checked: the database does not answer.");
                yield false;
            }
        };
    }

    private void refuse(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
        var problem = new LinkedHashMap<String, Object>();
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", detail);
        var content = json.writeValueAsString(problem).getBytes(UTF_8);
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(content.length);
        response.getOutputStream().write(content);
    }
}
