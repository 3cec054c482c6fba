package dev.leasehold.catalog.model;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * A model that can be deployed.
 *
 * @param source where its files are; {@code file:} or {@code classpath:}
 * @param starter whether a fresh installation deploys it by itself
 * @param standIn whether it only stands in for a real model, as its description says
 * @param contextLength the most tokens that prompt and answer may have together
 */
public record Model(
        String id,
        Task task,
        String title,
        String description,
        String license,
        URI source,
        boolean starter,
        boolean standIn,
        int contextLength) {
    static final int ID_LENGTH_MAX = 64;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0," + (ID_LENGTH_MAX - 1) + "}");

    public Model {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("A model's id has 1 to " + ID_LENGTH_MAX
                    + " of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit; this is \"" + id + "\".");
        }
        if (contextLength < 1) {
            throw new IllegalArgumentException("The context length of " + id + " is " + contextLength + ".");
        }
    }
}
