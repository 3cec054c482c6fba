package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Home;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation a command is about. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "The installation's folder (default: $$LEASEHOLD_HOME, else .leasehold beside the script).")
    private @Nullable Path home;

    Home home() {
        if (home != null) {
            return real(home);
        }
        var set = System.getenv("LEASEHOLD_HOME");
        return real(set == null || set.isBlank() ? repository().resolve(".leasehold") : Path.of(set));
    }

    /** Processes of a home are found by its path, so that must be the same whatever links lead to it. */
    private static Home real(Path folder) {
        try {
            return new Home(folder.toRealPath());
        } catch (IOException _) {
            return new Home(folder); // It is not there yet, or cannot be entered, which its first use says better.
        }
    }

    /** Where the programs were built; the script says it. */
    Path repository() {
        return Path.of(System.getProperty("leasehold.repository", ""))
                .toAbsolutePath()
                .normalize();
    }
}
