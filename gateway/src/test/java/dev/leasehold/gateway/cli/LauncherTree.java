package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A repository with the real launcher script and nothing else that is real: the JDK is a script that tells its
 * arguments, and the build one that notes that it ran.
 */
record LauncherTree(Path root) {
    private static final String JAVA = """
            #!/bin/sh
            case " $* " in
              *" -XX:AOTCacheOutput="*)
                for argument in "$@"; do
                  case $argument in -XX:AOTCacheOutput=*) echo cache >"${argument#*=}" ;; esac
                done
                ;;
              *) printf '%s\\n' "$@" ;;
            esac
            """;
    private static final String BUILD = """
            #!/bin/sh
            cd "$(dirname "$0")" || exit 1
            echo built >>builds
            for jar in gateway/target/dist/lib/gateway runner/target/dist/lib/runner deploy/target/dist/lib/deploy; do
              mkdir -p "$(dirname "$jar")" && touch "$jar-0.1.0.jar"
            done
            """;

    record Result(int exitCode, List<String> out) {}

    static LauncherTree in(Path root) throws IOException {
        var tree = new LauncherTree(root);
        var repository = Path.of("..").toAbsolutePath().normalize();
        Files.createDirectories(root.resolve(".mvn"));
        for (var folder : List.of("model-catalog", "runner", "deploy", "gateway")) {
            Files.createDirectories(root.resolve(folder).resolve("src/main"));
        }
        Files.createFile(root.resolve("pom.xml"));
        tree.script("leasehold", Files.readString(repository.resolve("leasehold")));
        tree.script(".mvn/jdk25.sh", Files.readString(repository.resolve(".mvn/jdk25.sh")));
        tree.script("jdk/bin/java", JAVA);
        tree.script("jdk/bin/javac", "#!/bin/sh\n");
        Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        tree.buildsWith(BUILD);
        return tree;
    }

    void script(String name, String content) throws IOException {
        var file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void buildsWith(String script) throws IOException {
        script("mvnw", script);
    }

    /** A build that takes for ever, with a child of its own, and that does or does not end when it is asked to. */
    void buildsForEver(boolean ignoresTerm) throws IOException {
        buildsWith("#!/bin/sh\n" + (ignoresTerm ? "trap '' TERM\n" : "")
                + "cd \"$(dirname \"$0\")\"\nsleep 300 &\necho $$ $! >pids\nmv pids build.pids\nwait\nwait\n");
    }

    long builds() throws IOException {
        var file = root.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    ChildProcess start(String... arguments) {
        return start(Map.of(), root.resolve("leasehold"), arguments);
    }

    ChildProcess start(Map<String, String> environment, Path launcher, String... arguments) {
        var all = new HashMap<>(Map.of("JAVA_HOME", root.resolve("jdk").toString()));
        all.putAll(environment);
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return ChildProcess.start(all, command);
    }

    Result run(String... arguments) throws IOException {
        return end(start(arguments));
    }

    static Result end(ChildProcess child) throws IOException {
        try (child) {
            var out = new String(child.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(child.awaitExit(), out.lines().toList());
        }
    }
}
