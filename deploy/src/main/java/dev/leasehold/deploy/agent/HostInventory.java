package dev.leasehold.deploy.agent;

import com.sun.management.OperatingSystemMXBean;
import dev.leasehold.deploy.agent.AgentMessages.Gpu;
import dev.leasehold.deploy.agent.AgentMessages.Host;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What this host has, within the limits of the container or control group that the agent runs in. */
final class HostInventory {
    private static final Duration NVIDIA_MAX = Duration.ofSeconds(5);
    private static final long MIB = 1L << 20;
    private static final long KIB = 1L << 10;
    private static final List<String> NVIDIA =
            List.of("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits");

    private final Path scratch;
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** @param scratch a folder for the output of other programs */
    HostInventory(Path scratch) {
        this.scratch = scratch;
    }

    Host read() {
        return new Host(
                hostname(),
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                memoryAvailableBytes(),
                gpus());
    }

    long memoryAvailableBytes() {
        var ofHost = memInfo("MemAvailable:");
        var isLimited = memInfo("MemTotal:").filter(total -> system.getTotalMemorySize() < total);
        if (ofHost.isEmpty() || isLimited.isPresent()) {
            return Math.min(system.getFreeMemorySize(), ofHost.orElse(Long.MAX_VALUE));
        }
        return ofHost.get();
    }

    private static Optional<Long> memInfo(String key) {
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith(key)).findFirst().map(HostInventory::kilobytes);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "unknown";
        }
    }

    /** None if there is no driver, or if it does not answer in time. */
    private List<Gpu> gpus() {
        var output = scratch.resolve("nvidia-smi.txt");
        try {
            var query = new ProcessBuilder(NVIDIA)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!query.waitFor(NVIDIA_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                query.destroyForcibly();
                return List.of();
            }
            return query.exitValue() == 0 ? gpus(Files.readString(output)) : List.of();
        } catch (IOException _) {
            return List.of();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    static List<Gpu> gpus(String output) {
        return output.lines().flatMap(HostInventory::gpu).toList();
    }

    private static Stream<Gpu> gpu(String line) {
        var fields = line.split(",", -1);
        if (fields.length != 3 || !fields[1].strip().matches("[0-9]{1,9}")) {
            return Stream.of();
        }
        var memoryMib = Long.parseLong(fields[1].strip());
        return Stream.of(new Gpu(fields[0].strip(), memoryMib * MIB, fields[2].strip()));
    }
}
