package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.agent.AgentMessages.LeaseOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;

/** Starts runners, each in a session of its own, so that a signal for the agent's terminal or group spares them. */
final class RunnerLauncher {
    private static final String SETSID = "setsid";

    private final RunnerCommand command;
    private final Path cache;
    private final String bindAddress;

    RunnerLauncher(RunnerCommand command, Path cache, String bindAddress) {
        this.command = command;
        this.cache = cache;
        this.bindAddress = bindAddress;
    }

    /** Says at the start, not at the first lease, that no runner could be started here. */
    static void requireSetsid() {
        var path = String.valueOf(System.getenv("PATH"));
        if (Arrays.stream(path.split(":", -1)).map(Path::of).noneMatch(RunnerLauncher::hasSetsid)) {
            throw new AgentException(
                    "The command setsid is missing, which keeps runners alive without the agent. Install util-linux.");
        }
    }

    private static boolean hasSetsid(Path folder) {
        return Files.isExecutable(folder.resolve(SETSID));
    }

    String bindAddress() {
        return bindAddress;
    }

    Process start(LeaseOrder order, LeaseFolder folder) throws IOException {
        var words = new ArrayList<String>();
        words.add(SETSID);
        words.addAll(command.of(order));
        var builder = new ProcessBuilder(words)
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.log().file().toFile()));
        builder.environment().putAll(environment(order, folder));
        return builder.start();
    }

    private Map<String, String> environment(LeaseOrder order, LeaseFolder folder) {
        return Map.of(
                "LEASEHOLD_LEASE", order.lease().toString(),
                "LEASEHOLD_LEASE_SECRET", order.secret(),
                "LEASEHOLD_BIND", bindAddress,
                "LEASEHOLD_PORT", "0",
                "LEASEHOLD_CACHE", cache.toString(),
                "LEASEHOLD_STATE_FILE", folder.stateFile().toString(),
                "LEASEHOLD_THREADS", Integer.toString(order.threads()),
                "DJL_CACHE_DIR", cache.resolve("djl").toString());
    }
}
