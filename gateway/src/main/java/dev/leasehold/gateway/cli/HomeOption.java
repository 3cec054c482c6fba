package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Home;
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
            return new Home(home);
        }
        var set = System.getenv("LEASEHOLD_HOME");
        return new Home(set == null || set.isBlank() ? repository().resolve(".leasehold") : Path.of(set));
    }

    /** Where the programs were built; the script says it. */
    Path repository() {
        return Path.of(System.getProperty("leasehold.repository", ""))
                .toAbsolutePath()
                .normalize();
    }
}
