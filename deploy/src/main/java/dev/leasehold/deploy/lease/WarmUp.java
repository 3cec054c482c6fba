package dev.leasehold.deploy.lease;

import dev.leasehold.catalog.artifact.ArtifactSource.SourceException;
import dev.leasehold.catalog.artifact.ModelFiles;
import dev.leasehold.deploy.lease.LeaseEvent.Progressed;
import dev.leasehold.deploy.lease.LeaseEvent.Ready;
import dev.leasehold.deploy.lease.Progress.Stage;
import dev.leasehold.deploy.runner.Address;
import dev.leasehold.deploy.runner.Readiness;
import dev.leasehold.deploy.runner.RunnerException;
import dev.leasehold.deploy.runner.RunnerSession;
import dev.leasehold.deploy.runner.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Brings one runner from its first answer to a loaded model. What it has already is not sent again. */
final class WarmUp {
    private final RunnerSession session;
    private final Workload workload;
    private final RunnerTools tools;
    private final Consumer<LeaseEvent> tell;
    private boolean ordered;

    WarmUp(RunnerSession session, Workload workload, RunnerTools tools, Consumer<LeaseEvent> tell) {
        this.session = session;
        this.workload = workload;
        this.tools = tools;
        this.tell = tell;
    }

    Address address() {
        return session.pin().address();
    }

    /** Does the next step and tells what came of it. */
    void advance() throws IOException, InterruptedException {
        if (!ordered) {
            push();
            session.load(workload);
            ordered = true;
        }
        var readiness = session.ready();
        if (readiness.ready()) {
            tell.accept(new Ready(tools.now(), session.pin(), readiness.running() + readiness.waiting()));
            return;
        }
        told(readiness);
    }

    private void push() throws IOException, InterruptedException {
        var files = files();
        long total = Math.max(1, workload.totalBytes());
        long before = 0;
        for (var file : workload.files()) {
            long base = before;
            session.push(
                    file, path(files, file), received -> progress(Stage.PUSHING, (double) (base + received) / total));
            before += file.artifact().sizeBytes();
        }
    }

    private ModelFiles files() throws IOException {
        try {
            return tools.sources().open(workload.model());
        } catch (SourceException e) {
            throw RunnerException.loadRefused(String.valueOf(e.getMessage()));
        }
    }

    private static Path path(ModelFiles files, Workload.File wanted) throws IOException {
        var found = files.find(wanted.name())
                .filter(file -> file.artifact().equals(wanted.artifact()))
                .map(file -> file.path());
        if (found.isEmpty()) {
            throw RunnerException.loadRefused("The file " + wanted.name()
                    + " is not what it was when the model was deployed. Remove the deployment and deploy it again.");
        }
        return found.get();
    }

    private void told(Readiness readiness) throws IOException {
        switch (readiness.stage()) {
            case "failed" -> throw RunnerException.loadRefused(readiness.error().orElse("The runner gave no reason."));
            case "empty" -> ordered = false;
            case "self-test" -> progress(Stage.TESTING, readiness.progress());
            default -> progress(Stage.LOADING, readiness.progress());
        }
    }

    private void progress(Stage stage, double fraction) {
        tell.accept(new Progressed(tools.now(), new Progress(stage, Math.clamp(fraction, 0, 1))));
    }
}
