package dev.leasehold.deploy.api;

import dev.leasehold.catalog.model.Catalog;
import dev.leasehold.catalog.model.Model;
import java.util.Locale;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** The catalog. */
@RestController
public class ModelController {
    private final Catalog catalog;

    public ModelController(Catalog catalog) {
        this.catalog = catalog;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record ModelJson(
            String id,
            String task,
            String title,
            String description,
            String license,
            boolean starter,
            boolean standIn,
            int contextLength) {
        static ModelJson of(Model model) {
            return new ModelJson(
                    model.id(),
                    model.task().name().toLowerCase(Locale.ROOT),
                    model.title(),
                    model.description(),
                    model.license(),
                    model.starter(),
                    model.standIn(),
                    model.contextLength());
        }
    }

    @GetMapping("/api/models")
    ListJson<ModelJson> models() {
        return new ListJson<>(catalog.models().stream().map(ModelJson::of).toList());
    }
}
