package dev.leasehold.deploy.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.deploy.agent.AgentMessages.Heartbeat;
import dev.leasehold.deploy.agent.AgentMessages.LeaseReport;
import dev.leasehold.deploy.agent.AgentMessages.Wishes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;

/** Loads the classes that an agent needs in its first second, so that they get into the cache of the next start. */
final class Training {
    private static final URI NOBODY = URI.create("http://127.0.0.1:1");

    private static final String ANSWER = """
            {"installation": "00000000-0000-0000-0000-000000000001", "revision": 1, "logs": [], "leases": [
              {"lease": "00000000-0000-0000-0000-000000000002", "secret": "00", "runtime": "leasehold",
               "memory_bytes": 1, "threads": 1}]}""";

    private Training() {}

    static void run() throws IOException, InterruptedException {
        var id = new UUID(0, 1);
        var scratch = Files.createTempDirectory("leasehold-train");
        try {
            var token = Files.writeString(scratch.resolve("token"), "none");
            var report = new LeaseReport(id, "running", 1L, "127.0.0.1", 1, null, null);
            var memory = new HostInventory(scratch).memoryAvailableBytes();
            ask(new GatewayClient(NOBODY, token), new Heartbeat(id, id, memory, 1, 1, List.of(report)));
            if (AgentMessages.read(ANSWER.getBytes(UTF_8), Wishes.class)
                    .leases()
                    .isEmpty()) {
                throw new IllegalStateException("The answer of the training run is not read as an agent reads it.");
            }
        } finally {
            Files.deleteIfExists(scratch.resolve("token"));
            Files.deleteIfExists(scratch);
        }
    }

    private static void ask(GatewayClient gateway, Heartbeat message) throws InterruptedException {
        try {
            gateway.heartbeat(message);
        } catch (GatewayException _) {
            return; // Nobody is there, as intended.
        }
    }
}
