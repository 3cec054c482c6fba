package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.UpSettings;
import java.io.PrintStream;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What {@code up} ends with: where everything is, and a request that can be pasted. */
final class Banner {
    private final UpSettings settings;
    private final ApiClient api;
    private final PrintStream out;

    Banner(UpSettings settings, ApiClient api, PrintStream out) {
        this.settings = settings;
        this.api = api;
        this.out = out;
    }

    /** @param complete whether every deployment serves */
    void print(boolean complete) throws InterruptedException {
        var serving =
                Deployments.all(api).stream().filter(Deployments::isServing).toList();
        out.println();
        out.println(
                complete
                        ? "Leasehold is ready."
                        : "Leasehold is ready, but not all of it serves: ./leasehold ls says what is missing.");
        out.println("  API      " + settings.apiUrl() + "/v1");
        out.println("  Console  " + settings.consoleUrl());
        out.println("  Key      " + api.key());
        out.println("           (kept in " + settings.home().key() + ")");
        out.println();
        out.println(request(serving));
        out.println();
        out.println("Ctrl-C stops it" + (settings.keep() ? "; its leases stay." : " and gives all leases back."));
        out.flush();
    }

    private String request(List<JsonNode> serving) {
        var head = "curl " + settings.apiUrl() + "/v1/";
        var authorization =
                " \\\n  -H \"Authorization: Bearer $(cat '" + settings.home().key() + "')\"";
        var type = " \\\n  -H 'Content-Type: application/json' \\\n  -d '";
        var chat = named(serving, "chat");
        if (!chat.isEmpty()) {
            return head + "chat/completions -N" + authorization + type + "{\"model\": \"" + chat
                    + "\", \"stream\": true, \"messages\": [{\"role\": \"user\", \"content\": \"Hello!\"}]}'";
        }
        var embedding = named(serving, "embedding");
        if (!embedding.isEmpty()) {
            return head + "embeddings" + authorization + type + "{\"model\": \"" + embedding
                    + "\", \"input\": \"Hello!\"}'";
        }
        return head + "models" + authorization;
    }

    private static String named(List<JsonNode> serving, String task) {
        return serving.stream()
                .filter(deployment -> Deployments.text(deployment, "task").equalsIgnoreCase(task))
                .map(deployment -> Deployments.text(deployment, "name"))
                .findFirst()
                .orElse("");
    }
}
