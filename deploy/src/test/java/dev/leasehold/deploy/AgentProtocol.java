package dev.leasehold.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The messages of docs/protocols/agent.md, to which the tests of both sides are held. */
public final class AgentProtocol {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AgentProtocol() {}

    /** A message, with a field that nobody knows yet. */
    public static byte[] fromTheFuture(String message) {
        var tree = (ObjectNode) JSON.readTree(bytes(message));
        return JSON.writeValueAsBytes(tree.put("unknown_yet", true));
    }

    public static void assertIs(byte[] written, String message) {
        assertThat(JSON.readTree(written)).isEqualTo(JSON.readTree(bytes(message)));
    }

    private static byte[] bytes(String message) {
        try (var file = AgentProtocol.class.getResourceAsStream("/agent-protocol/" + message + ".json")) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
