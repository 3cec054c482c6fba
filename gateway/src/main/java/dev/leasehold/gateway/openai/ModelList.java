package dev.leasehold.gateway.openai;

import dev.leasehold.deploy.deployment.Route;
import dev.leasehold.gateway.routing.RouteTable;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /v1/models}: the deployments, as OpenAI's models. */
final class ModelList {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final RouteTable routes;

    ModelList(RouteTable routes) {
        this.routes = routes;
    }

    private record Model(String id, String object, long created, String ownedBy) {
        private static Model of(Route route) {
            return new Model(route.deployment(), "model", route.createdAt().getEpochSecond(), "leasehold");
        }
    }

    private record Models(String object, List<Model> data) {}

    byte[] all() {
        var models = OpenAiApi.requireRead(routes.now()).byName().values().stream()
                .sorted(Comparator.comparing(Route::deployment))
                .map(Model::of)
                .toList();
        return JSON.writeValueAsBytes(new Models("list", models));
    }

    byte[] one(String name) {
        return OpenAiApi.requireRead(routes.now())
                .find(name)
                .map(route -> JSON.writeValueAsBytes(Model.of(route)))
                .orElseThrow(() -> OpenAiApi.unknownModel(name));
    }
}
