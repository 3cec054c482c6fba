package dev.leasehold.gateway.console;

import dev.leasehold.catalog.model.Task;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** The command to paste for a deployment. The shell reads the key from its file, so that the page need not know it. */
final class CurlLines {
    private final String apiUrl;
    private final String keyFile;

    CurlLines(String address, int port, Path home) {
        this.apiUrl = "http://" + host(address) + ":" + port + "/v1";
        this.keyFile = quoted(home.resolve("key").toAbsolutePath().normalize().toString());
    }

    /** What clients give as their base URL. */
    String apiUrl() {
        return apiUrl;
    }

    String of(Task task, String deployment) {
        return switch (task) {
            case CHAT ->
                line(
                        "-N " + apiUrl + "/chat/completions",
                        "{\"model\": \"" + deployment + "\", \"stream\": true,"
                                + " \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}");
            case EMBEDDING ->
                line(apiUrl + "/embeddings", "{\"model\": \"" + deployment + "\", \"input\": \"No lease is leaked.\"}");
        };
    }

    private String line(String request, String body) {
        return "curl " + request + " \\\n  -H \"Authorization: Bearer $(cat " + keyFile + ")\" \\\n"
                + "  -H \"Content-Type: application/json\" \\\n  -d '" + body + "'";
    }

    /** A server that listens everywhere is reached at loopback. */
    private static String host(String address) {
        try {
            var resolved = InetAddress.getByName(address);
            if (resolved.isAnyLocalAddress()) {
                return "127.0.0.1";
            }
            return resolved instanceof Inet6Address ? "[" + resolved.getHostAddress() + "]" : address;
        } catch (UnknownHostException _) {
            return address;
        }
    }

    /** As one word of a shell. */
    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9/._-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
