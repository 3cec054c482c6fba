package dev.leasehold.runner.onnx;

import dev.leasehold.runner.checkpoint.EndOfText;
import dev.leasehold.runner.checkpoint.LlamaConfigReader;
import dev.leasehold.runner.generation.GenerationEngine;
import dev.leasehold.runner.generation.TokenModel;
import dev.leasehold.runner.serving.Generation;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.serving.ModelLoader.ModelException;
import dev.leasehold.runner.serving.ModelLoader.Spec;
import dev.leasehold.runner.serving.ServedModel;
import dev.leasehold.runner.tokenizer.ChatTemplate;
import dev.leasehold.runner.tokenizer.Tokenizer;
import dev.leasehold.runner.tokenizer.TokenizerConfig;
import dev.leasehold.runner.tokenizer.TokenizerJson;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;

/** A Llama checkpoint that writes text. */
final class LlamaWriter implements ServedModel.Writer {
    /** The part of loading that is done when the weights are there; the rest is their preparation. */
    private static final double WEIGHTS_SHARE = 0.5;

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final int contextLength;
    private final GenerationEngine engine;

    private LlamaWriter(TokenModel model, Tokenizer tokenizer, ChatTemplate template, Set<Integer> endOfText) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.contextLength = model.contextLength();
        this.engine = new GenerationEngine(model, tokenizer, endOfText);
    }

    static LlamaWriter load(Spec spec, TokenizerJson tokenizer, TokenizerConfig texts, DoubleConsumer progress) {
        var config = LlamaConfigReader.read(OnnxModelLoader.file(spec.files(), "config.json"));
        var endOfText = new HashSet<>(EndOfText.tokens(spec.files()));
        var endToken = tokenizer.addedToken(texts.specialTokens().getOrDefault("eos_token", ""));
        endToken.ifPresent(endOfText::add);
        var template = template(texts);
        var size = new LlamaSession.Size(spec.slots(), Math.min(spec.contextLength(), config.positionsMax()));
        DoubleConsumer loaded = part -> progress.accept(part * WEIGHTS_SHARE);
        var model = LlamaSessions.open(config, spec.files(), size, spec.threads(), loaded);
        try {
            selfTest(model);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        progress.accept(1);
        return new LlamaWriter(model, tokenizer, template, endOfText);
    }

    private static ChatTemplate template(TokenizerConfig texts) {
        var template = texts.template();
        try {
            template.render(List.of(Map.of("role", "user", "content", "Hello")));
            return template;
        } catch (IllegalArgumentException e) {
            throw new ModelException("The chat template cannot be used: " + e.getMessage(), e);
        }
    }

    /** Reads two tokens and decodes one: scores must be numbers, and not all the same. */
    private static void selfTest(TokenModel model) {
        var logits = new float[TokenModel.ROWS_MIN][model.vocabularySize()];
        model.prefill(0, 0, new int[] {0, 1}, logits[0]);
        requireSound(logits[0]);
        model.decode(new int[] {1, 0}, new int[] {2, 0}, logits);
        requireSound(logits[0]);
    }

    private static void requireSound(float[] logits) {
        var differ = false;
        for (var score : logits) {
            if (!Float.isFinite(score)) {
                throw new ModelException("The self-test failed: the model's scores are not finite.");
            }
            differ |= score != logits[0];
        }
        if (!differ) {
            throw new ModelException("The self-test failed: the model gives every token the same score.");
        }
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public ChatTemplate template() {
        return template;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public Generation generate(GenerationRequest request) {
        return engine.generate(request);
    }

    @Override
    public Load load() {
        return engine.load();
    }

    @Override
    public void close() {
        engine.close();
        tokenizer.close();
    }
}
