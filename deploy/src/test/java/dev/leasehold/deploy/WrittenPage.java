package dev.leasehold.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of docs/ that a test writes from the code. It is compared, and written only when that is asked for. */
public final class WrittenPage {
    private static final String SWITCH = "leasehold.docs.write";
    private static final String COMMAND = "./mvnw -pl deploy -am test -Dtest='*LifecycleTest' -D" + SWITCH
            + "=true -Dsurefire.failIfNoSpecifiedTests=false";

    private WrittenPage() {}

    /** What every such page says of itself. */
    public static String origin(String test) {
        return "*Written by `" + test + "` from the rules themselves; do not edit. After a change of the rules:*\n```\n"
                + COMMAND + "\n```\n";
    }

    public static void isUpToDate(String name, String text) throws IOException {
        var file = Path.of("..", "docs", name);
        if (Boolean.getBoolean(SWITCH)) {
            Files.writeString(file, text);
        }
        assertThat(file).exists();
        assertThat(Files.readString(file))
                .as(
                        "docs/%s is not what the rules do any more. Write it again, and read what changed: %s",
                        name, COMMAND)
                .isEqualTo(text);
    }
}
