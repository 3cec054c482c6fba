package dev.leasehold.benchmarks.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Starts and stops the platform in a home of its own, several times, and prints what it measured as Markdown.
 *
 * <p>The first start makes a database; the later ones find it. Ready is when {@code up} says so: all starter models
 * serve. Before, build with {@code ./leasehold up} once, else the first start measures Maven. Run it on idle cores with
 * a JDK 25, which compiles it by itself:
 *
 * <pre>java benchmarks/src/main/java/dev/leasehold/benchmarks/start/StartBenchmark.java ./leasehold 5</pre>
 */
public final class StartBenchmark {
    private static final Duration START_MAX = Duration.ofMinutes(5);
    private static final int STARTS_DEFAULT = 4;

    private StartBenchmark() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        var launcher = Path.of(args.length > 0 ? args[0] : "./leasehold").toAbsolutePath();
        int starts = args.length > 1 ? Integer.parseInt(args[1]) : STARTS_DEFAULT;
        var home = Files.createTempDirectory("leasehold-start-");
        var runs = new ArrayList<Run>();
        for (int i = 0; i < starts; i++) {
            runs.add(run(launcher, home));
        }
        print(runs);
    }

    /**
     * One start and stop.
     *
     * @param memory of the processes while all serve, by their role
     * @param left processes of this home that outlived the stop
     */
    private record Run(Duration ready, Duration stopped, TreeMap<String, Memory> memory, int left) {}

    private static Run run(Path launcher, Path home) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        try (var platform = Platform.start(launcher, home)) {
            platform.awaitReady(START_MAX);
            var ready = since(begin);
            var memory = new TreeMap<String, Memory>();
            LocalProcess.of(home).forEach(process -> memory.merge(process.role(), process.memory(), Memory::plus));
            var asked = System.nanoTime();
            platform.stop(START_MAX);
            return new Run(ready, since(asked), memory, LocalProcess.of(home).size());
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private static void print(List<Run> runs) {
        var table = new StringBuilder(
                "| start | ready s | stopped s | left | resident MB (its share) |\n|---|---|---|---|---|\n");
        for (int i = 0; i < runs.size(); i++) {
            var run = runs.get(i);
            table.append("| %d | %.1f | %.1f | %d |"
                    .formatted(i + 1, seconds(run.ready()), seconds(run.stopped()), run.left()));
            run.memory()
                    .forEach((role, memory) -> table.append(
                            " %s %d (%d)".formatted(role, memory.residentBytes() >> 20, memory.shareBytes() >> 20)));
            table.append(" |\n");
        }
        IO.print(table);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
