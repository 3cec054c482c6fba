package dev.leasehold.gateway.admission;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells the requests that this machine's own user makes from those that somebody else's web page makes with the user's
 * browser.
 *
 * @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata Request Headers</a>
 */
final class LoopbackRules {
    /** A name that any other name server could answer for lets that server's pages in (DNS rebinding). */
    private static final Pattern LOOPBACK_HOST =
            Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);

    private static final String SAME_ORIGIN = "same-origin";
    private static final String NOT_BY_A_PAGE = "none";
    private static final String NAVIGATE = "navigate";

    private LoopbackRules() {}

    /**
     * Where a request came from, as its headers say.
     *
     * @param host of the request
     * @param origin of the page that made it, if the browser says so
     * @param site how that page is related to us, if the browser says so
     * @param mode what it wants the answer for, likewise
     */
    record Source(String host, Optional<String> origin, Optional<String> site, Optional<String> mode) {}

    static boolean isLoopback(String host) {
        return LOOPBACK_HOST.matcher(host).matches();
    }

    /** Whether our own page certainly made it. */
    static boolean isFromOurPage(Source source) {
        boolean said = source.origin().isPresent() || source.site().isPresent();
        return said
                && source.origin().map(origin -> isOurs(origin, source.host())).orElse(true)
                && source.site().map(SAME_ORIGIN::equals).orElse(true);
    }

    /**
     * Whether its answer may go to whoever made it: our page, a program, or a person who opens the page, also by a link
     * elsewhere. Another page could not read it, but it could hold all places at the event stream.
     */
    static boolean mayRead(Source source) {
        return source.site()
                        .map(site -> site.equals(SAME_ORIGIN) || site.equals(NOT_BY_A_PAGE))
                        .orElse(true)
                || source.mode().map(NAVIGATE::equals).orElse(false);
    }

    private static boolean isOurs(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }
}
