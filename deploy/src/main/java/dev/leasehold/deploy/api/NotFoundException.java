package dev.leasehold.deploy.api;

/** There is no deployment of that name. */
final class NotFoundException extends RuntimeException {
    NotFoundException(String name) {
        super("There is no deployment called \"" + name + "\".");
    }
}
