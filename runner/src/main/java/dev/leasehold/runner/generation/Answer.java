package dev.leasehold.runner.generation;

import dev.leasehold.runner.serving.Generation.FinishReason;
import dev.leasehold.runner.serving.GenerationRequest;
import dev.leasehold.runner.tokenizer.TokenDecoder;
import java.util.Set;

/** The text of one choice: draws its tokens, decodes them, and tells its request. For the engine's thread. */
final class Answer {
    private final EventQueue events;
    private final GenerationRequest request;
    private final int choice;
    private final int tokensMax;
    private final Set<Integer> endOfText;
    private final TokenDecoder decoder;
    private final StopStrings stops;
    private int tokens;
    private int untold;
    private boolean finished;

    Answer(EventQueue events, int choice, int tokensMax, Set<Integer> endOfText, TokenDecoder decoder) {
        this.events = events;
        this.request = events.request();
        this.choice = choice;
        this.tokensMax = tokensMax;
        this.endOfText = request.ignoreEndOfText() ? Set.of() : endOfText;
        this.decoder = decoder;
        this.stops = new StopStrings(request.stop());
    }

    EventQueue events() {
        return events;
    }

    /** Draws the next token of the answer and returns it. */
    int draw(float[] logits) {
        var token = Sampler.sample(logits, request.sampling(), choice, tokens);
        tokens++;
        untold++;
        if (endOfText.contains(token)) {
            finish(FinishReason.STOP);
            return token;
        }
        tell(stops.accept(decoder.accept(token)));
        if (stops.stopped()) {
            finish(FinishReason.STOP);
        } else if (tokens == tokensMax) {
            finish(FinishReason.LENGTH);
        }
        return token;
    }

    /** The text held back may still complete a stop string, which then is why the answer ends. */
    private void finish(FinishReason reason) {
        tell(stops.accept(decoder.finish()));
        var last = stops.stopped() ? FinishReason.STOP : reason;
        tell(stops.finish());
        finished = true;
        events.finished(choice, last, tokens);
    }

    private void tell(String text) {
        if (!text.isEmpty()) {
            events.text(choice, text, untold);
            untold = 0;
        }
    }

    /** Whether nothing more is wanted of it: complete, failed or cancelled. */
    boolean over() {
        return finished || events.closed();
    }
}
