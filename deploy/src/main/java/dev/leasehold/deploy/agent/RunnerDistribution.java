package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.agent.AgentMessages.LeaseOrder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The runner as the build lays it down: {@code lib/*.jar}, and perhaps the cache that makes it start quickly. */
record RunnerDistribution(Path folder, Path java) implements RunnerCommand {
    private static final String MAIN = "dev.leasehold.runner.Runner";
    private static final long MIB = 1L << 20;
    private static final long HEAP_MIB_MIN = 128;
    private static final long HEAP_MIB_MAX = 1_024;

    /** The weights are outside the heap. */
    private static final int HEAP_SHARE = 4;

    static RunnerDistribution of(Path folder) {
        return new RunnerDistribution(
                folder.toAbsolutePath().normalize(), Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    @Override
    public List<String> of(LeaseOrder order) {
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.add("-XX:+UseSerialGC");
        var memoryMib = order.memoryBytes() / MIB;
        command.add("-Xmx" + Math.clamp(memoryMib / HEAP_SHARE, HEAP_MIB_MIN, HEAP_MIB_MAX) + "m");
        command.add("-XX:MaxDirectMemorySize=" + Math.max(HEAP_MIB_MIN, memoryMib) + "m");
        var cache = folder.resolve("runner.aot");
        if (Files.isRegularFile(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dai.djl.offline=true");
        command.add("-cp");
        command.add(String.join(":", jars()));
        command.add(MAIN);
        return List.copyOf(command);
    }

    /** The order must never vary: the cache holds for one class path only. */
    List<String> jars() {
        try (var jars = Files.newDirectoryStream(folder.resolve("lib"), "*.jar")) {
            var sorted = new ArrayList<String>();
            jars.forEach(jar -> sorted.add(jar.toString()));
            sorted.sort(null);
            if (!sorted.isEmpty()) {
                return sorted;
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw missing(e);
        }
        throw missing(null);
    }

    private AgentException missing(@org.jspecify.annotations.Nullable Exception cause) {
        var sentence = "There is no runner in " + folder + ". Build it, or name its folder with --runner-dist.";
        return cause == null ? new AgentException(sentence) : new AgentException(sentence, cause);
    }
}
