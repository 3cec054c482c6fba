package dev.leasehold.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.leasehold.gateway.platform.ChildProcess;
import dev.leasehold.gateway.platform.Eventually;
import dev.leasehold.gateway.platform.ProcessMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherScriptTest {
    private static final int SIGINT = 2;

    @TempDir
    private Path folder;

    private LauncherTree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = LauncherTree.in(Files.createDirectory(folder.resolve("a repository ü")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leasehold", "mvnw", ".mvn/jdk25.sh", ".ci/run"})
    void theScriptsAreWellFormed(String script) throws IOException {
        var file = Path.of("..").resolve(script).toAbsolutePath().normalize();
        var shell = script.equals(".ci/run") ? "bash" : "sh";

        var result = LauncherTree.end(ChildProcess.start(Map.of(), List.of(shell, "-n", file.toString())));

        assertThat(result).isEqualTo(new LauncherTree.Result(0, List.of()));
    }

    @Test
    void theFirstUpBuildsAndTheSecondDoesNot() throws IOException {
        var first = tree.run("up", "--price", "0 12");
        var second = tree.run("up", "--price", "0 12");

        assertThat(first.exitCode()).isZero();
        assertThat(first.out().getFirst()).startsWith("build: compiling Leasehold");
        assertThat(second.out())
                .contains("-XX:AOTCache=" + tree.root().resolve("gateway/target/dist/gateway.aot"))
                .endsWith("dev.leasehold.gateway.Leasehold", "up", "--price", "0 12");
        assertThat(tree.builds()).isEqualTo(1);
    }

    @Test
    void anUpAfterAChangeBuildsAgain() throws IOException {
        tree.run("up");
        var changed = Files.createFile(tree.root().resolve("deploy/src/main/Changed.java"));
        var lib = tree.root().resolve("gateway/target/dist/lib");
        Files.setLastModifiedTime(
                changed,
                FileTime.from(Files.getLastModifiedTime(lib).toInstant().plus(Duration.ofSeconds(5))));

        tree.run("up");

        assertThat(tree.builds()).isEqualTo(2);
    }

    @Test
    void cachesOfAnotherJdkAreMadeAnew() throws IOException {
        tree.run("up");
        Files.writeString(tree.root().resolve("jdk/release"), "JAVA_VERSION=\"25.0.2\"\n");

        var next = tree.run("up");

        assertThat(next.out()).contains("build: making start-up caches");
        assertThat(tree.builds()).isEqualTo(1);
    }

    @Test
    void itMayBeCalledThroughALinkFromAnywhere() throws IOException {
        tree.run("up");
        var link = Files.createSymbolicLink(folder.resolve("link"), tree.root().resolve("leasehold"));

        var result = LauncherTree.end(tree.start(Map.of(), link, "ls"));

        assertThat(result.out())
                .contains("-Dleasehold.repository=" + tree.root())
                .endsWith("dev.leasehold.gateway.Leasehold", "ls");
    }

    @Test
    void withoutALocaleNamesThatAreNotAsciiAreReadAllTheSame() throws IOException {
        tree.run("up");
        tree.script("jdk/bin/java", "#!/bin/sh\nlocale charmap\n");

        var result = LauncherTree.end(
                tree.start(Map.of("LANG", "", "LC_ALL", "C"), tree.root().resolve("leasehold"), "ls"));

        assertThat(result.out()).containsExactly("UTF-8");
    }

    @Test
    void withoutAJdk25ItSaysWhatToInstall() throws IOException {
        var search = tree.root().resolve(".mvn/jdk25.sh");
        Files.writeString(
                search, Files.readString(search).replace("/usr/", "/nowhere/").replace("/opt/", "/nowhere/"));
        Files.writeString(tree.root().resolve("jdk/release"), "JAVA_VERSION=\"17.0.9\"\n");
        var environment =
                Map.of("HOME", folder.toString(), "JDK_25", "", "JAVA_HOME_25_X64", "", "PATH", pathWithoutJava());

        var result = LauncherTree.end(tree.start(environment, tree.root().resolve("leasehold"), "up"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .singleElement()
                .asString()
                .contains("No JDK 25 was found")
                .contains("JAVA_HOME");
        assertThat(tree.builds()).isZero();
    }

    @Test
    void beforeTheFirstBuildTheOtherCommandsSaySo() throws IOException {
        var ls = tree.run("ls");
        var status = tree.run("status", "--json");

        assertThat(ls.exitCode()).isEqualTo(3);
        assertThat(ls.out()).containsExactly("Leasehold is not built yet. ./leasehold up builds and starts it.");
        assertThat(status.exitCode()).isEqualTo(3);
        assertThat(status.out()).singleElement().asString().startsWith("{\"ready\": false, \"api_url\": \"http://");
    }

    @Test
    void aHomeThatCannotBeWrittenIsSaidBeforeAnythingIsBuilt() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        var result = tree.run("up", "--home", file + "/home");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .singleElement()
                .asString()
                .contains(file + "/home cannot be written")
                .contains("--home");
        assertThat(tree.builds()).isZero();
    }

    @Test
    void aColonInThePathIsRefused() throws IOException {
        var odd = LauncherTree.in(Files.createDirectory(folder.resolve("a:b")));

        var result = odd.run("up");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).singleElement().asString().contains("colon");
    }

    @Test
    void aBuildThatFailsShowsItsEndAndTheExitCode() throws IOException {
        tree.buildsWith("#!/bin/sh\necho 'a library is missing'\nexit 1\n");

        var result = tree.run("up");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("a library is missing")
                .last()
                .asString()
                .contains("The build failed");
    }

    @Test
    void twoUpsOfTwoHomesBuildOnce() throws IOException {
        tree.buildsWith(Files.readString(tree.root().resolve("mvnw")).replace("echo built", "sleep 1\necho built"));
        var first = tree.start("up", "--home", folder.resolve("one").toString());
        var second = tree.start("up", "--home", folder.resolve("two").toString());

        assertThat(LauncherTree.end(first).exitCode()).isZero();
        assertThat(LauncherTree.end(second).exitCode()).isZero();
        assertThat(tree.builds()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129", "INT, 130"})
    void aSignalEndsTheBuildAndAllItStarted(String signal, int exitCode) throws Exception {
        assumeThat(signal.equals("INT") && isInterruptIgnored())
                .as("Who ignores SIGINT has children that do")
                .isFalse();
        tree.buildsForEver(false);
        try (var up = tree.start("up")) {
            var build = awaitBuild();

            up.mark().signal(signal);

            assertThat(up.awaitExit()).isEqualTo(exitCode);
            assertThat(build).noneMatch(LauncherScriptTest::isAlive);
        }
    }

    @Test
    void aSecondSignalKillsABuildThatDoesNotEnd() throws Exception {
        tree.buildsForEver(true);
        try (var up = tree.start("up")) {
            var build = awaitBuild();
            up.mark().signal("TERM");
            var lines = up.process().inputReader();
            assertThat(lines.readLine()).startsWith("build:");
            assertThat(lines.readLine()).isEqualTo("Stopping the build.");
            var begin = System.nanoTime();

            up.mark().signal("TERM");

            assertThat(up.awaitExit()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
            assertThat(build).noneMatch(LauncherScriptTest::isAlive);
        }
    }

    private List<Long> awaitBuild() throws IOException {
        var pids = tree.root().resolve("build.pids");
        Eventually.await("the build", () -> Files.exists(pids));
        return Arrays.stream(Files.readString(pids).strip().split(" ", -1))
                .map(Long::valueOf)
                .toList();
    }

    private static boolean isAlive(long pid) {
        return ProcessMark.of(pid).isPresent();
    }

    private static boolean isInterruptIgnored() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(mask -> (mask & 1L << (SIGINT - 1)) != 0);
    }

    /** A folder with what the script needs; a PATH with the usual folders would find the JDK of this machine. */
    private String pathWithoutJava() throws IOException {
        for (var tool : List.of("readlink", "dirname", "grep", "locale")) {
            tree.script("bin/" + tool, "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
        }
        return tree.root().resolve("bin").toString();
    }
}
