package dev.leasehold.gateway.console;

/** A chat request cannot be passed on. The message is for the user. */
final class ChatRefusedException extends RuntimeException {
    ChatRefusedException(String message) {
        super(message);
    }
}
