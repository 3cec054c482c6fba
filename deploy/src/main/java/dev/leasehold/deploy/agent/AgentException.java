package dev.leasehold.deploy.agent;

/** The agent cannot go on. The message says what is wrong and what to do, and is printed without a stack trace. */
final class AgentException extends RuntimeException {
    AgentException(String message) {
        super(message);
    }

    AgentException(String message, Throwable cause) {
        super(message, cause);
    }
}
