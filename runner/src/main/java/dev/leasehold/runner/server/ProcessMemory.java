package dev.leasehold.runner.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory that this process has of its machine. */
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private ProcessMemory() {}

    /** Its resident memory, or its heap where the system does not tell. */
    static long bytes() {
        try {
            for (var line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    var kibibytes =
                            line.substring(RESIDENT.length()).replace("kB", "").strip();
                    return Long.parseLong(kibibytes) * 1024;
                }
            }
        } catch (IOException | NumberFormatException _) {
            return Runtime.getRuntime().totalMemory();
        }
        return Runtime.getRuntime().totalMemory();
    }
}
