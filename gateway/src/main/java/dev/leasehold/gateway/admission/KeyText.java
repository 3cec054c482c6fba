package dev.leasehold.gateway.admission;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** How a key looks: {@code sk-lh-} and 40 digits and letters. */
public final class KeyText {
    private static final String BEGINNING = "sk-lh-";
    private static final int RANDOM_LENGTH = 40;
    private static final int PREFIX_LENGTH = 12;
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern KEY = Pattern.compile(BEGINNING + "[0-9A-Za-z]{" + RANDOM_LENGTH + "}");

    private KeyText() {}

    /**
     * Makes a key.
     *
     * @param random that nobody can foresee
     */
    public static String draw(RandomGenerator random) {
        var key = new StringBuilder(BEGINNING);
        random.ints(RANDOM_LENGTH, 0, BASE62.length()).forEach(index -> key.append(BASE62.charAt(index)));
        return key.toString();
    }

    static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    /** What a list shows of a key. */
    static String prefix(String key) {
        return key.substring(0, PREFIX_LENGTH);
    }
}
