package dev.leasehold.deploy.api;

import dev.leasehold.deploy.deployment.DeploymentRefusedException;
import dev.leasehold.deploy.deployment.DeploymentRefusedException.Kind;
import dev.leasehold.deploy.deployment.DeploymentRequest;
import dev.leasehold.deploy.deployment.DeploymentService;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** Deployments: list, make, read, remove. */
@RestController
@RequestMapping("/api/deployments")
public class DeploymentController {
    private final DeploymentService deployments;

    public DeploymentController(DeploymentService deployments) {
        this.deployments = deployments;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Body(
            @Nullable String model,
            @Nullable String name,
            @Nullable Integer replicas,
            @Nullable BigDecimal priceMaxUsdPerHour,
            @Nullable Integer contextLength) {
        DeploymentRequest request() {
            if (model == null || model.isBlank()) {
                throw new DeploymentRefusedException(
                        Kind.INVALID, "model is missing: an id of the catalog, or a folder.");
            }
            return new DeploymentRequest(
                    model,
                    Optional.ofNullable(name),
                    replicas == null ? 1 : replicas,
                    Optional.ofNullable(priceMaxUsdPerHour),
                    Optional.ofNullable(contextLength));
        }
    }

    @GetMapping
    ListJson<DeploymentJson> list() {
        return new ListJson<>(
                deployments.list().stream().map(DeploymentJson::of).toList());
    }

    @PostMapping
    ResponseEntity<DeploymentJson> deploy(@RequestBody Body body) {
        var view = deployments.deploy(body.request());
        return ResponseEntity.created(URI.create("/api/deployments/" + view.name()))
                .body(DeploymentJson.of(view));
    }

    @GetMapping("/{name}")
    DeploymentJson find(@PathVariable("name") String name) {
        return deployments.find(name).map(DeploymentJson::of).orElseThrow(() -> new NotFoundException(name));
    }

    @DeleteMapping("/{name}")
    ResponseEntity<Void> remove(@PathVariable("name") String name) {
        if (!deployments.remove(name)) {
            throw new NotFoundException(name);
        }
        return ResponseEntity.noContent().build();
    }
}
