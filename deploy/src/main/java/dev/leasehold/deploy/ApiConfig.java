package dev.leasehold.deploy;

import dev.leasehold.catalog.model.Catalog;
import dev.leasehold.deploy.api.ApiProblems;
import dev.leasehold.deploy.api.DeploymentController;
import dev.leasehold.deploy.api.DeploymentFeed;
import dev.leasehold.deploy.api.EventController;
import dev.leasehold.deploy.api.LeaseController;
import dev.leasehold.deploy.api.LogController;
import dev.leasehold.deploy.api.ModelController;
import dev.leasehold.deploy.api.ProviderController;
import dev.leasehold.deploy.api.StatusController;
import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.lease.LeaseBell;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.market.fleet.FleetLogs;
import dev.leasehold.deploy.market.fleet.FleetMarket;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The control plane's endpoints. */
@Configuration(proxyBeanMethods = false)
class ApiConfig {
    @Bean
    ApiProblems apiProblems() {
        return new ApiProblems();
    }

    @Bean
    ModelController modelController(Catalog catalog) {
        return new ModelController(catalog);
    }

    @Bean
    DeploymentController deploymentController(DeploymentService deployments) {
        return new DeploymentController(deployments);
    }

    @Bean
    LogController logController(DeploymentService deployments, LeaseRepository leases, FleetLogs logs) {
        return new LogController(deployments, leases, logs);
    }

    @Bean
    LeaseController leaseController(LeaseRepository leases) {
        return new LeaseController(leases);
    }

    @Bean
    ProviderController providerController(FleetMarket fleet) {
        return new ProviderController(fleet);
    }

    @Bean
    StatusController statusController(JdbcClient jdbc, LeaseRepository leases, DeploymentService deployments) {
        return new StatusController(jdbc, leases, deployments);
    }

    @Bean
    DeploymentFeed deploymentFeed(DeploymentService deployments, LeaseBell bell) {
        return new DeploymentFeed(deployments, bell);
    }

    @Bean
    EventController eventController(DeploymentFeed feed) {
        return new EventController(feed);
    }
}
