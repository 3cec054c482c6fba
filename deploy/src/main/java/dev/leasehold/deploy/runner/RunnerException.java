package dev.leasehold.deploy.runner;

import java.io.IOException;

/** A runner did not do what it was asked to. The message is fit for the user. */
public sealed class RunnerException extends IOException {
    RunnerException(String message) {
        super(message);
    }

    public static LoadRefused loadRefused(String message) {
        return new LoadRefused(message);
    }

    /** Whoever listens there is not the runner that was pinned. */
    public static final class OtherRunner extends RunnerException {
        OtherRunner(String message) {
            super(message);
        }
    }

    /** The runner will not load this model, however often it is asked. */
    public static final class LoadRefused extends RunnerException {
        LoadRefused(String message) {
            super(message);
        }
    }
}
