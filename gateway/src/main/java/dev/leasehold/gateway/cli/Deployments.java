package dev.leasehold.gateway.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Reads the deployments as the management API tells them. */
final class Deployments {
    private Deployments() {}

    static List<JsonNode> all(ApiClient api) throws InterruptedException {
        return list(api.get("/api/deployments"));
    }

    static List<JsonNode> list(JsonNode answer) {
        return StreamSupport.stream(answer.path("data").spliterator(), false).toList();
    }

    static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    static String status(JsonNode deployment) {
        return text(deployment, "status").toLowerCase(Locale.ROOT);
    }

    static boolean isServing(JsonNode deployment) {
        return status(deployment).equals("serving");
    }

    /** Whether waiting longer may help: not when no offer fits, for that needs somebody to do something. */
    static boolean isComingUp(JsonNode deployment) {
        return !isServing(deployment) && !status(deployment).equals("waiting");
    }

    /** What a deployment is at, for one line: its message, else the stages of its replicas, else its status. */
    static String stage(JsonNode deployment) {
        var message = text(deployment, "message");
        if (!message.isEmpty() && !isServing(deployment)) {
            return message;
        }
        var stages = StreamSupport.stream(deployment.path("replicas").spliterator(), false)
                .filter(_ -> !isServing(deployment))
                .map(replica -> text(replica, "stage"))
                .filter(stage -> !stage.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
        return stages.isEmpty() ? status(deployment) : stages;
    }

    static String table(List<JsonNode> deployments) {
        var table = new Table("NAME", "MODEL", "TASK", "STATUS", "READY", "USD/H", "STAGE");
        for (var deployment : deployments) {
            table.row(
                    text(deployment, "name"),
                    text(deployment, "model"),
                    text(deployment, "task").toLowerCase(Locale.ROOT),
                    status(deployment),
                    text(deployment, "ready_replicas") + "/" + text(deployment, "wanted_replicas"),
                    text(deployment, "price_usd_per_hour"),
                    isServing(deployment) ? "" : stage(deployment));
        }
        return table.text();
    }
}
