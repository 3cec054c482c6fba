package dev.leasehold.catalog.artifact;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * One file of a model on this machine.
 *
 * @param name what the model calls it, such as {@code config.json}; never a path
 */
public record ModelFile(String name, Artifact artifact, Path path) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public ModelFile {
        if (!isName(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is not a file name of a model: 1 to 128 letters, "
                    + "digits, '.', '_' and '-', beginning with a letter or digit.");
        }
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
