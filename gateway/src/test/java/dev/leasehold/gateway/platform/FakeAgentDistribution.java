package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A repository in which an agent was built that does nothing but wait for its end. */
public final class FakeAgentDistribution {
    private static final String SOURCE = """
            package dev.leasehold.deploy.agent;

            public final class Agent {
                public static void main(String[] arguments) throws InterruptedException {
                    Thread.currentThread().join();
                }
            }
            """;

    private FakeAgentDistribution() {}

    /** Builds it under {@code repository}. */
    public static void build(Path repository) {
        try {
            var source = Files.createDirectories(repository.resolve("source")).resolve("Agent.java");
            var classes = Files.createDirectories(repository.resolve("classes"));
            Files.writeString(source, SOURCE);
            var compiler = ToolProvider.getSystemJavaCompiler();
            if (compiler.run(null, null, null, "-d", classes.toString(), source.toString()) != 0) {
                throw new IllegalStateException("The agent does not compile.");
            }
            var lib = Files.createDirectories(repository.resolve("deploy/target/dist/lib"));
            var name = "dev/leasehold/deploy/agent/Agent.class";
            try (var jar = new JarOutputStream(Files.newOutputStream(lib.resolve("agent.jar")))) {
                jar.putNextEntry(new JarEntry(name));
                Files.copy(classes.resolve(name), jar);
                jar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
