package dev.leasehold.runner.tokenizer;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.FatalTemplateErrorsException;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model's own chat template, written in Jinja. */
public final class JinjaChatTemplate implements ChatTemplate {
    /** A template is the model's code, not ours: it gets so much text and so many loops, and no more. */
    private static final long OUTPUT_BYTES_MAX = 8L << 20;

    private static final int TEMPLATE_CHARACTERS_MAX = 1 << 20;

    private final Jinjava jinja;
    private final String source;
    private final Map<String, String> specialTokens;

    /**
     * Keeps a template.
     *
     * @param specialTokens such as {@code bos_token}, by the names that templates use
     * @throws IllegalArgumentException if the template cannot be read
     */
    public JinjaChatTemplate(String source, Map<String, String> specialTokens) {
        if (source.length() > TEMPLATE_CHARACTERS_MAX) {
            throw new IllegalArgumentException("The chat template is too long.");
        }
        this.source = source;
        this.specialTokens = Map.copyOf(specialTokens);
        var legacy = LegacyOverrides.newBuilder()
                .withUsePyishObjectMapper(true)
                .withKeepNullableLoopValues(true)
                .withUseNaturalOperatorPrecedence(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .build();
        this.jinja = new Jinjava(JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                // What a user writes is text, whatever braces are in it.
                .withNestedInterpretationEnabled(false)
                .withMaxOutputSize(OUTPUT_BYTES_MAX)
                .withLegacyOverrides(legacy)
                .build());
        jinja.getGlobalContext()
                .registerFunction(new ELFunctionDefinition(
                        "", "raise_exception", JinjaChatTemplate.class, "raiseException", Object.class));
    }

    /** What templates call when they do not like the messages. Public because the template engine calls it. */
    public static String raiseException(Object message) {
        throw new RefusalException(String.valueOf(message));
    }

    @Override
    public String render(List<Map<String, Object>> messages) {
        var bindings = new HashMap<String, Object>(specialTokens);
        bindings.put("messages", messages);
        bindings.put("add_generation_prompt", true);
        RenderResult result;
        try {
            result = jinja.renderForResult(source, bindings);
        } catch (FatalTemplateErrorsException e) {
            throw new IllegalArgumentException("The model's chat template failed: " + e.getMessage(), e);
        }
        for (var error : result.getErrors()) {
            refuse(error.getException());
            throw new IllegalArgumentException("The model's chat template failed: " + error.getMessage());
        }
        return result.getOutput();
    }

    /** Looks for the template's own words among the causes. */
    private static void refuse(@Nullable Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusalException) {
                throw new IllegalArgumentException("The model's chat template says: " + cause.getMessage(), cause);
            }
        }
    }

    private static final class RefusalException extends RuntimeException {
        RefusalException(String message) {
            super(message);
        }
    }
}
