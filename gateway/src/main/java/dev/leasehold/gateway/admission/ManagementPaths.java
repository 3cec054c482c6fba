package dev.leasehold.gateway.admission;

/** What a request on the management port is for. Whatever is not named here wants an API key. */
enum ManagementPaths {
    /** The page, what it consists of, and what it calls. */
    CONSOLE,
    /** Health and metrics, for whoever watches this machine. */
    WATCH,
    ABSENT,
    API;

    /**
     * Says what a path is for.
     *
     * @param path as the server matches it: decoded, normalised, without parameters
     */
    static ManagementPaths of(String path) {
        if (path.equals("/") || path.startsWith("/console/") || path.startsWith("/webjars/")) {
            return CONSOLE;
        }
        if (path.equals("/actuator/health")
                || path.startsWith("/actuator/health/")
                || path.equals("/actuator/prometheus")) {
            return WATCH;
        }
        return path.equals("/actuator") || path.startsWith("/actuator/") ? ABSENT : API;
    }
}
