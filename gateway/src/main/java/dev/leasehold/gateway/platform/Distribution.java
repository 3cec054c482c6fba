package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A program as the build lays it down: {@code lib/*.jar}, and beside them the cache that makes it start quickly. */
public record Distribution(Path folder, String name) {
    public static Distribution agent(Path repository) {
        return new Distribution(repository.resolve("deploy/target/dist"), "agent");
    }

    public static Distribution runner(Path repository) {
        return new Distribution(repository.resolve("runner/target/dist"), "runner");
    }

    /** The command that starts a main class, without its arguments. The order of the jars must never vary. */
    public List<String> java(String memoryMax, String mainClass) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + memoryMax);
        command.add("-XX:+UseSerialGC");
        var cache = folder.resolve(name + ".aot");
        if (Files.isRegularFile(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.add("-cp");
        command.add(classpath());
        command.add(mainClass);
        return command;
    }

    private String classpath() {
        try (var jars = Files.newDirectoryStream(folder.resolve("lib"), "*.jar")) {
            var sorted = new ArrayList<String>();
            jars.forEach(jar -> sorted.add(jar.toString()));
            return sorted.stream().sorted().collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new PlatformException(
                    "The " + name + " is not built (" + folder + " is missing). Run ./leasehold up, which builds it.",
                    e);
        }
    }
}
