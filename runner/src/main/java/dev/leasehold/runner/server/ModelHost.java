package dev.leasehold.runner.server;

import dev.leasehold.runner.serving.ModelLoader;
import dev.leasehold.runner.serving.ModelLoader.ModelException;
import dev.leasehold.runner.serving.ServedModel;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one model of this runner, from nothing through loading to serving. */
final class ModelHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelHost.class);

    /** How far the model is. */
    sealed interface State {
        record Empty() implements State {}

        record Loading(ModelOrder order, double progress) implements State {}

        record Ready(ModelOrder order, ServedModel model) implements State {}

        record Failed(ModelOrder order, String error) implements State {}
    }

    private final ModelLoader loader;
    private final int threads;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state = new State.Empty();
    private volatile boolean stopping;

    ModelHost(ModelLoader loader, int threads) {
        this.loader = loader;
        this.threads = threads;
    }

    /** Begins to load; false if another model is here. The same order again changes nothing. */
    boolean load(ModelOrder order) {
        lock.lock();
        try {
            var current = orderOf(state);
            if (current.isPresent() && !(state instanceof State.Failed)) {
                return current.get().equals(order);
            }
            state = new State.Loading(order, 0);
        } finally {
            lock.unlock();
        }
        LOG.info("Loading {} with {} slots of {} tokens.", order.name(), order.slots(), order.contextLength());
        Thread.ofPlatform().name("load-model").daemon().start(() -> run(order));
        return true;
    }

    private static Optional<ModelOrder> orderOf(State state) {
        return switch (state) {
            case State.Empty _ -> Optional.empty();
            case State.Loading loading -> Optional.of(loading.order());
            case State.Ready ready -> Optional.of(ready.order());
            case State.Failed failed -> Optional.of(failed.order());
        };
    }

    private void run(ModelOrder order) {
        try {
            var model = loader.load(order.spec(threads), progress -> become(new State.Loading(order, progress)));
            if (!become(new State.Ready(order, model))) {
                model.close();
                return;
            }
            LOG.info("Ready to serve {}.", order.name());
        } catch (ModelException e) {
            LOG.warn("Cannot load {}: {}", order.name(), e.getMessage());
            become(new State.Failed(order, String.valueOf(e.getMessage())));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("Loading {} failed.", order.name(), e);
            become(new State.Failed(order, "Loading " + order.name() + " failed: " + e));
        } catch (OutOfMemoryError e) {
            become(new State.Failed(order, "This runner has too little memory for " + order.name() + "."));
        }
    }

    private boolean become(State next) {
        lock.lock();
        try {
            if (stopping) {
                return false;
            }
            state = next;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The model, once it serves. */
    ServedModel model() {
        if (state instanceof State.Ready ready) {
            return ready.model();
        }
        throw HttpFailure.later(503, "server_error", "This runner has no model yet.");
    }

    /** What the lessor calls the model. */
    String modelName() {
        return orderOf(state).map(ModelOrder::name).orElse("");
    }

    boolean isStopping() {
        return stopping;
    }

    void stop() {
        lock.lock();
        try {
            stopping = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (state instanceof State.Ready ready) {
            ready.model().close();
        }
    }

    Readiness readiness(UUID boot) {
        return switch (state) {
            case State.Empty _ -> readiness(boot, new Progress("empty", 0, null), null, NO_LOAD);
            case State.Loading(var order, var progress) ->
                readiness(
                        boot,
                        new Progress(progress < 1 ? "loading" : "self-test", progress, null),
                        order.name(),
                        new ServedModel.Load(0, 0, order.slots()));
            case State.Ready(var order, var model) ->
                readiness(boot, new Progress("ready", 1, null), order.name(), loadOf(model));
            case State.Failed(var order, var error) ->
                readiness(boot, new Progress("failed", 0, error), order.name(), NO_LOAD);
        };
    }

    private static final ServedModel.Load NO_LOAD = new ServedModel.Load(0, 0, 0);

    private record Progress(
            String stage, double done, @Nullable String error) {}

    private Readiness readiness(UUID boot, Progress progress, @Nullable String model, ServedModel.Load load) {
        var stage = stopping ? "stopping" : progress.stage();
        return new Readiness(
                stage.equals("ready"),
                stage,
                progress.done(),
                progress.error(),
                model,
                boot,
                load.running(),
                load.waiting(),
                load.slots(),
                ProcessMemory.bytes());
    }

    private static ServedModel.Load loadOf(ServedModel model) {
        return switch (model) {
            case ServedModel.Writer writer -> writer.load();
            case ServedModel.Embedder embedder -> embedder.load();
        };
    }
}
