package dev.leasehold.deploy.deployment;

import dev.leasehold.catalog.artifact.ArtifactSource;
import dev.leasehold.catalog.artifact.ArtifactSource.SourceException;
import dev.leasehold.catalog.fit.MemoryFit;
import dev.leasehold.catalog.fit.ModelShape;
import dev.leasehold.catalog.model.Catalog;
import dev.leasehold.catalog.model.Model;
import dev.leasehold.catalog.model.UnknownModelException;
import dev.leasehold.deploy.deployment.DeploymentRefusedException.Kind;
import dev.leasehold.deploy.runner.Workload;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes a deployment from a request: checks it, finds the model and its files, and counts the memory it needs. */
public final class DeploymentPlans {
    static final int REPLICAS_MAX = 64;

    /** Sequences that a replica decodes together. */
    private static final int SLOTS = 8;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final Catalog catalog;
    private final ArtifactSource sources;

    public DeploymentPlans(Catalog catalog, ArtifactSource sources) {
        this.catalog = catalog;
        this.sources = sources;
    }

    Model model(DeploymentRequest request) {
        try {
            return catalog.resolve(request.model());
        } catch (UnknownModelException e) {
            throw new DeploymentRefusedException(Kind.UNKNOWN_MODEL, String.valueOf(e.getMessage()), e);
        }
    }

    /** What clients will call it. */
    String name(DeploymentRequest request, Model model) {
        var name = request.name().orElse(model.id());
        if (!NAME.matcher(name).matches()) {
            throw invalid("A deployment's name has 1 to 64 of a-z, 0-9, '.', '_' and '-', and begins with a letter or"
                    + " digit; this is \"" + name + "\".");
        }
        return name;
    }

    /** Reads the model's files: may take a while when they are seen first. */
    Deployment plan(DeploymentRequest request, Model model, Instant now) {
        if (request.replicas() < 1 || request.replicas() > REPLICAS_MAX) {
            throw invalid("replicas is a number from 1 to " + REPLICAS_MAX + "; this is " + request.replicas() + ".");
        }
        var priceMax = request.priceMaxUsdPerHour();
        if (priceMax.filter(price -> price.signum() < 0).isPresent()) {
            throw invalid("price_max_usd_per_hour is " + priceMax.get() + "; it cannot be below 0.");
        }
        return plan(request, model, contextLength(request, model), now);
    }

    private Deployment plan(DeploymentRequest request, Model model, int contextLength, Instant now) {
        try {
            var files = sources.open(model);
            var shape = ModelShape.of(files, contextLength);
            var workload = new Workload(
                    name(request, model),
                    model,
                    contextLength,
                    SLOTS,
                    files.files().stream()
                            .map(file -> new Workload.File(file.name(), file.artifact()))
                            .toList());
            long memoryBytes = MemoryFit.estimate(shape, contextLength, SLOTS).totalBytes();
            return new Deployment(
                    workload,
                    memoryBytes,
                    request.replicas(),
                    request.priceMaxUsdPerHour().map(BigDecimal::stripTrailingZeros),
                    now,
                    Optional.empty());
        } catch (SourceException | IllegalArgumentException e) {
            throw new DeploymentRefusedException(Kind.INVALID, String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException e) {
            throw new DeploymentRefusedException(
                    Kind.INVALID, "The files of " + model.id() + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static int contextLength(DeploymentRequest request, Model model) {
        int contextLength = request.contextLength().orElse(model.contextLength());
        if (contextLength < 1 || contextLength > model.contextLength()) {
            throw invalid("context_length is " + contextLength + "; " + model.id() + " can have 1 to "
                    + model.contextLength() + ".");
        }
        return contextLength;
    }

    private static DeploymentRefusedException invalid(String message) {
        return new DeploymentRefusedException(Kind.INVALID, message);
    }
}
