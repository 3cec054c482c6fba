package dev.leasehold.gateway.cli;

/** Why a command failed, as one sentence for its user. */
final class CommandException extends RuntimeException {
    private final int exitCode;
    private final boolean passing;

    CommandException(int exitCode, String sentence) {
        this(exitCode, sentence, false);
    }

    private CommandException(int exitCode, String sentence, boolean passing) {
        super(sentence);
        this.exitCode = exitCode;
        this.passing = passing;
    }

    static CommandException failed(String sentence) {
        return new CommandException(ExitCode.FAILED, sentence);
    }

    /** A failure that is likely to pass by itself, such as a database that is being started again. */
    static CommandException passing(String sentence) {
        return new CommandException(ExitCode.FAILED, sentence, true);
    }

    static CommandException usage(String sentence) {
        return new CommandException(ExitCode.USAGE, sentence);
    }

    boolean mayPass() {
        return passing;
    }

    int exitCode() {
        return exitCode;
    }
}
