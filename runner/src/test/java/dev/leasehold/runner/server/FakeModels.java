package dev.leasehold.runner.server;

import dev.leasehold.runner.serving.Generation;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.ModelLoader;
import dev.leasehold.runner.serving.ServedModel;
import dev.leasehold.runner.tokenizer.ChatTemplate;
import dev.leasehold.runner.tokenizer.TokenDecoder;
import dev.leasehold.runner.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;

/** Models that say what a test tells them to. */
final class FakeModels implements ModelLoader {
    private static final int CONTEXT = 100;
    private static final long WAIT_SECONDS = 20;

    final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
    final CountDownLatch mayLoad = new CountDownLatch(1);
    volatile boolean full;
    volatile String failure = "";

    @Override
    public ServedModel load(Spec spec, DoubleConsumer progress) {
        progress.accept(0.5);
        try {
            mayLoad.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!failure.isEmpty()) {
            throw new ModelException(failure);
        }
        return switch (spec.task()) {
            case CHAT -> new FakeWriter();
            case EMBEDDING -> new FakeEmbedder();
        };
    }

    /** The next generation that the server asks for. */
    Script next() throws InterruptedException {
        var script = scripts.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (script == null) {
            throw new AssertionError("The server asked for no generation.");
        }
        return script;
    }

    /** One generation; the test writes its events. */
    static final class Script implements Generation {
        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        private final CountDownLatch closed = new CountDownLatch(1);
        final GenerationRequest request;

        Script(GenerationRequest request) {
            this.request = request;
        }

        Script text(int choice, String text) {
            events.add(new Event.Text(choice, text, 1));
            return this;
        }

        Script finished(int choice, FinishReason reason, int tokens) {
            events.add(new Event.Finished(choice, reason, tokens));
            return this;
        }

        void failed() {
            events.add(new Event.Failed("no memory"));
        }

        boolean isClosedWithin(Duration time) throws InterruptedException {
            return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public Optional<Event> next(Duration timeout) throws InterruptedException {
            return Optional.ofNullable(events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private final class FakeWriter implements ServedModel.Writer {
        @Override
        public Tokenizer tokenizer() {
            return new Characters();
        }

        @Override
        public ChatTemplate template() {
            return messages -> messages.stream()
                    .map(message -> message.get("role") + ":" + message.get("content"))
                    .collect(Collectors.joining("|"));
        }

        @Override
        public int contextLength() {
            return CONTEXT;
        }

        @Override
        public Generation generate(GenerationRequest request) {
            if (full) {
                throw new ServedModel.BusyException("64 sequences wait here already.");
            }
            var script = new Script(request);
            scripts.add(script);
            return script;
        }

        @Override
        public Load load() {
            return new Load(2, 0, 8);
        }

        @Override
        public void close() {}
    }

    private static final class FakeEmbedder implements ServedModel.Embedder {
        @Override
        public int dimensions() {
            return 3;
        }

        @Override
        public int contextLength() {
            return CONTEXT;
        }

        @Override
        public Embeddings embed(List<String> texts) {
            if (texts.stream().anyMatch(text -> text.length() > CONTEXT)) {
                throw new IllegalArgumentException("A text is longer than " + CONTEXT + " tokens.");
            }
            return new Embeddings(
                    texts.stream().map(_ -> new float[] {0.6f, 0.0f, 0.8f}).toList(), texts.size() * 2);
        }

        @Override
        public Load load() {
            return new Load(0, 0, 4);
        }

        @Override
        public void close() {}
    }

    /** One token per character. */
    private static final class Characters implements Tokenizer {
        @Override
        public int[] encode(String text, boolean addSpecialTokens) {
            return text.codePoints().toArray();
        }

        @Override
        public TokenDecoder decoder(int[] prompt) {
            throw new UnsupportedOperationException("The fake engine needs no decoder.");
        }

        @Override
        public void close() {}
    }
}
