package dev.leasehold.benchmarks.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A process of one platform, read from /proc. */
record LocalProcess(long pid, String role, Memory memory) {
    private static final long KIB = 1024;

    /** All live processes whose command line or environment names this home. */
    static List<LocalProcess> of(Path home) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .flatMap(pid -> read(pid, home).stream())
                .toList();
    }

    private static Optional<LocalProcess> read(long pid, Path home) {
        var proc = Path.of("/proc", Long.toString(pid));
        try {
            var command = text(proc.resolve("cmdline"));
            if (!command.contains(home.toString())
                    && !text(proc.resolve("environ")).contains(home.toString())) {
                return Optional.empty();
            }
            return Optional.of(new LocalProcess(pid, role(command), memory(proc)));
        } catch (IOException | UncheckedIOException _) {
            return Optional.empty(); // It has ended, or is not ours to read.
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace('\0', ' ');
    }

    private static String role(String command) {
        if (command.contains("dev.leasehold.gateway")) {
            return "gateway";
        }
        if (command.contains("dev.leasehold.deploy.agent")) {
            return "agent";
        }
        return command.contains("dev.leasehold.runner") ? "runner" : "postgres";
    }

    private static Memory memory(Path proc) throws IOException {
        var rollup = proc.resolve("smaps_rollup");
        return new Memory(bytes(rollup, "Rss:"), bytes(rollup, "Pss:"));
    }

    private static long bytes(Path file, String label) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(label))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst()
                    .orElse(0);
        }
    }
}
