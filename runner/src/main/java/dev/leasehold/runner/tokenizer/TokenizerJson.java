package dev.leasehold.runner.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Hugging Face tokenizer.json, run by its own library. */
public final class TokenizerJson implements Tokenizer {
    /** Large multilingual ones have about 35 MB. */
    private static final long BYTES_MAX = 128L << 20;

    private final HuggingFaceTokenizer library;
    private final JsonNode added;
    private final Set<Integer> specials = new HashSet<>();

    private TokenizerJson(HuggingFaceTokenizer library, JsonNode added) {
        this.library = library;
        this.added = added;
        for (var token : added) {
            if (token.path("special").asBoolean(false)) {
                specials.add(token.path("id").asInt(-1));
            }
        }
    }

    /**
     * Loads it. Whatever the file says of truncation and padding is switched off.
     *
     * @throws IOException if the file is not a tokenizer; the message says what is wrong
     */
    public static TokenizerJson open(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) {
            throw new IOException("tokenizer.json is larger than " + BYTES_MAX + " bytes.");
        }
        try {
            var json = JsonMapper.shared().readTree(Files.readAllBytes(file));
            var library = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optTruncation(false)
                    .optPadding(false)
                    .build();
            return new TokenizerJson(library, json.path("added_tokens"));
        } catch (JacksonException e) {
            throw new IOException("tokenizer.json is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (RuntimeException e) {
            throw new IOException("tokenizer.json cannot be used: " + e.getMessage(), e);
        }
    }

    /** The id of an added token such as {@code <|im_end|>}. */
    public OptionalInt addedToken(String content) {
        for (var token : added) {
            if (token.path("content").asString("").equals(content)) {
                return OptionalInt.of(token.path("id").asInt());
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        return Arrays.stream(library.encode(text, addSpecialTokens, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @Override
    public TokenDecoder decoder(int[] prompt) {
        return new WindowDecoder(this::decode, specials::contains, prompt);
    }

    /** The text of some tokens, special ones left out. */
    public String decode(int[] tokens) {
        return library.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
    }

    @Override
    public void close() {
        library.close();
    }
}
