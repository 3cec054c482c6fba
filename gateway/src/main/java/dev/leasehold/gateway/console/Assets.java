package dev.leasehold.gateway.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Where the browser finds what the page consists of. Each address changes with the content, so that it may be cached
 * for ever: the files' dates in our jar are always the same and say nothing.
 */
record Assets(String style, String script, String icon, String htmx, String sse) {
    static final String FOLDER = "console/assets/";

    private static final String WEBJARS = "META-INF/resources/webjars/";
    private static final int VERSION_LENGTH = 12;

    static Assets find() {
        return new Assets(
                own("console.css"),
                own("console.js"),
                own("icon.svg"),
                library("htmx.org/*/dist/htmx.min.js"),
                library("htmx-ext-sse/*/sse.js"));
    }

    private static String own(String name) {
        try {
            var content = new ClassPathResource(FOLDER + name).getContentAsByteArray();
            var digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "/" + FOLDER + name + "?v="
                    + HexFormat.of().formatHex(digest).substring(0, VERSION_LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    /** A library's address contains its version, which is that of the jar, whichever it is. */
    private static String library(String pattern) {
        try {
            var found = new PathMatchingResourcePatternResolver().getResources("classpath*:" + WEBJARS + pattern);
            if (found.length != 1) {
                throw new IllegalStateException(found.length + " files are " + pattern + "; one is wanted.");
            }
            var url = found[0].getURL().toString();
            return "/webjars/" + url.substring(url.indexOf(WEBJARS) + WEBJARS.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
