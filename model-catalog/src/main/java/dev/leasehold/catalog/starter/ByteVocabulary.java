package dev.leasehold.catalog.starter;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tokenizer with one token for each byte, in the format of Hugging Face's tokenizers. */
final class ByteVocabulary {
    static final int BYTES = 256;

    private ByteVocabulary() {}

    static Map<String, Object> tokenizer(Map<String, Integer> specialTokens) {
        return Ordered.map(
                Map.entry("version", "1.0"),
                Map.entry("added_tokens", addedTokens(specialTokens)),
                Map.entry("pre_tokenizer", byteLevel()),
                Map.entry("decoder", byteLevel()),
                Map.entry("model", model()));
    }

    private static List<Map<String, Object>> addedTokens(Map<String, Integer> specialTokens) {
        return specialTokens.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getValue))
                .map(token -> Ordered.map(
                        Map.entry("id", token.getValue()),
                        Map.entry("content", token.getKey()),
                        Map.entry("single_word", false),
                        Map.entry("lstrip", false),
                        Map.entry("rstrip", false),
                        Map.entry("normalized", false),
                        Map.entry("special", true)))
                .toList();
    }

    private static Map<String, Object> byteLevel() {
        return Ordered.map(
                Map.entry("type", "ByteLevel"),
                Map.entry("add_prefix_space", false),
                Map.entry("trim_offsets", true),
                Map.entry("use_regex", false));
    }

    private static Map<String, Object> model() {
        return Ordered.map(
                Map.entry("type", "BPE"),
                Map.entry("fuse_unk", false),
                Map.entry("byte_fallback", false),
                Map.entry("ignore_merges", false),
                Map.entry("vocab", vocabulary()),
                Map.entry("merges", List.of()));
    }

    /** GPT-2's alphabet: printable Latin-1 bytes stand for themselves, the others for characters from U+0100 on. */
    private static Map<String, Object> vocabulary() {
        var vocabulary = new LinkedHashMap<String, Object>();
        int next = BYTES;
        for (int value = 0; value < BYTES; value++) {
            int character = standsForItself(value) ? value : next++;
            vocabulary.put(Character.toString(character), value);
        }
        return vocabulary;
    }

    private static boolean standsForItself(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
    }
}
