package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

/** An agent in the user's terminal, beside the one of the platform. */
public final class ForegroundAgent {
    private ForegroundAgent() {}

    /** Runs it until it ends, and gives its exit code. When we are told to end, so is it, and we wait for it. */
    public static int run(AgentSettings settings) throws InterruptedException {
        try {
            Files.createDirectories(settings.agentHome());
            var builder = new ProcessBuilder(settings.command()).inheritIO();
            Session.prepare(builder.environment(), settings.home());
            var agent = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(agent), "agent-stop"));
            return agent.waitFor();
        } catch (IOException e) {
            throw settings.home().unwritable(e);
        }
    }

    /** A process that a signal ends has the signal's exit code unless it is halted with another one. */
    private static void end(Process agent) {
        agent.destroy();
        try {
            if (agent.waitFor(AgentProcess.STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                Runtime.getRuntime().halt(agent.exitValue());
            }
            agent.destroyForcibly();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
