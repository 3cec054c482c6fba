package dev.leasehold.deploy.runner;

/** Where a runner listens. */
public record Address(String host, int port) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
