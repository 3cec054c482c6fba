package dev.leasehold.runner.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/** The options that all sessions share. */
final class SessionThreads {
    private SessionThreads() {}

    static SessionOptions options(int threads) throws OrtException {
        var options = new SessionOptions();
        options.setExecutionMode(ExecutionMode.SEQUENTIAL);
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OptLevel.ALL_OPT);
        return options;
    }
}
