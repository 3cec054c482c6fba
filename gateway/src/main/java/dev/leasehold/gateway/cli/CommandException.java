package dev.leasehold.gateway.cli;

/** Why a command failed, as one sentence for its user. */
final class CommandException extends RuntimeException {
    private final int exitCode;

    CommandException(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    static CommandException failed(String sentence) {
        return new CommandException(ExitCode.FAILED, sentence);
    }

    int exitCode() {
        return exitCode;
    }
}
