package dev.leasehold.deploy.deployment;

import dev.leasehold.deploy.deployment.DeploymentRefusedException.Kind;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.offer.Capacities;
import dev.leasehold.deploy.offer.OfferRules;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Deployments for whoever wants, reads and removes them. Workers do the rest. */
public final class DeploymentService {
    private final DeploymentRepository deployments;
    private final LeaseRepository leases;
    private final DeploymentPlans plans;
    private final Capacities capacities;
    private final Clock clock;

    public DeploymentService(
            DeploymentRepository deployments,
            LeaseRepository leases,
            DeploymentPlans plans,
            Capacities capacities,
            Clock clock) {
        this.deployments = deployments;
        this.leases = leases;
        this.plans = plans;
        this.capacities = capacities;
        this.clock = clock;
    }

    /**
     * Deploys a model. What is deployed already under this name with this model stays as it is and is returned.
     *
     * @throws DeploymentRefusedException with a sentence for the user
     */
    public DeploymentView deploy(DeploymentRequest request) {
        var model = plans.model(request);
        var name = plans.name(request, model);
        var known = deployments.find(name);
        if (known.isPresent()) {
            return same(known.get(), model.id());
        }
        var planned = plans.plan(request, model, clock.instant());
        OfferRules.refusal(planned.order(), capacities.all()).ifPresent(sentence -> {
            throw new DeploymentRefusedException(Kind.NO_OFFER, sentence);
        });
        if (deployments.add(planned)) {
            return DeploymentViews.of(planned, List.of());
        }
        return same(deployments.find(name).orElseThrow(() -> beingRemoved(name)), model.id());
    }

    private static DeploymentRefusedException beingRemoved(String name) {
        return new DeploymentRefusedException(
                Kind.NAME_TAKEN, name + " is being removed. Ask again when it is gone, or choose another name.");
    }

    private DeploymentView same(Deployment known, String model) {
        if (known.removedAt().isPresent()) {
            throw beingRemoved(known.name());
        }
        if (!known.workload().model().id().equals(model)) {
            throw new DeploymentRefusedException(
                    Kind.NAME_TAKEN,
                    "The name " + known.name() + " is taken by a deployment of "
                            + known.workload().model().id() + ". Choose another with \"name\".");
        }
        return view(known);
    }

    /** All deployments in the order of their names. */
    public List<DeploymentView> list() {
        return deployments.all().stream().map(this::view).toList();
    }

    public Optional<DeploymentView> find(String name) {
        return deployments.find(name).map(this::view);
    }

    /** Begins a deployment's end: it gets no more requests, and its leases are drained and released. Repeatable. */
    public boolean remove(String name) {
        return deployments.remove(name, clock.instant());
    }

    private DeploymentView view(Deployment deployment) {
        return DeploymentViews.of(deployment, leases.of(deployment.name(), deployment.createdAt()));
    }
}
