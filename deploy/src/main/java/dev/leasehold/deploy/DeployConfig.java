package dev.leasehold.deploy;

import dev.leasehold.catalog.artifact.ArtifactSource;
import dev.leasehold.catalog.artifact.ArtifactSources;
import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.catalog.model.Catalog;
import dev.leasehold.deploy.deployment.DeploymentPlans;
import dev.leasehold.deploy.deployment.DeploymentRepository;
import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.deployment.DeploymentWorker;
import dev.leasehold.deploy.deployment.RouteRepository;
import dev.leasehold.deploy.lease.LeaseBell;
import dev.leasehold.deploy.lease.LeaseJson;
import dev.leasehold.deploy.lease.LeasePolicy;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.lease.LeaseSetup;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.deploy.market.Market;
import dev.leasehold.deploy.market.fleet.FleetConfig;
import dev.leasehold.deploy.market.fleet.FleetMarket;
import dev.leasehold.deploy.market.fleet.FleetProvider;
import dev.leasehold.deploy.offer.Capacities;
import dev.leasehold.deploy.offer.Capacity;
import dev.leasehold.deploy.runner.RunnerClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the control plane together. Imported by a gateway that has the role {@code control}; it starts nothing. */
@Configuration(proxyBeanMethods = false)
@Import({LeaseSecretsConfig.class, FleetConfig.class, ApiConfig.class})
public class DeployConfig {
    private static final int NONCE_BYTES = 32;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Catalog catalog() {
        return Catalog.builtIn();
    }

    @Bean
    ArtifactSource artifactSource(@Value("${leasehold.home}") String home) {
        return new ArtifactSources(new ArtifactStore(Path.of(home, "artifacts")));
    }

    @Bean
    LeaseRepository leaseRepository(JdbcClient jdbc) {
        return new LeaseRepository(jdbc, new LeaseJson());
    }

    @Bean
    DeploymentRepository deploymentRepository(JdbcClient jdbc) {
        return new DeploymentRepository(jdbc, new LeaseJson());
    }

    @Bean
    RouteRepository routeRepository(JdbcClient jdbc) {
        return new RouteRepository(jdbc);
    }

    @Bean
    Capacities capacities(FleetMarket fleet) {
        return () -> fleet.providers().stream()
                .filter(FleetProvider::live)
                .map(DeployConfig::capacity)
                .toList();
    }

    private static Capacity capacity(FleetProvider provider) {
        return new Capacity(
                FleetMarket.NAME,
                provider.name(),
                provider.priceUsdPerHour(),
                provider.host().memoryBytes());
    }

    @Bean
    DeploymentService deploymentService(
            DeploymentRepository deployments,
            LeaseRepository leases,
            DeploymentPlans plans,
            Capacities capacities,
            Clock clock) {
        return new DeploymentService(deployments, leases, plans, capacities, clock);
    }

    @Bean
    DeploymentPlans deploymentPlans(Catalog catalog, ArtifactSource sources) {
        return new DeploymentPlans(catalog, sources);
    }

    @Bean
    DeploymentWorker deploymentWorker(
            DeploymentRepository deployments,
            LeaseRepository leases,
            PlatformTransactionManager transactionManager,
            Clock clock) {
        var transactions = new TransactionTemplate(transactionManager);
        return new DeploymentWorker(deployments, leases, transactions, clock, () -> new LeaseId(UUID.randomUUID()));
    }

    @Bean
    RunnerClient runnerClient(LeaseSecrets secrets) {
        var random = new SecureRandom();
        return new RunnerClient(secrets, () -> {
            var nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            return nonce;
        });
    }

    @Bean
    LeaseSetup leaseSetup(
            JdbcClient jdbc,
            List<Market> markets,
            Capacities capacities,
            RunnerClient runners,
            ArtifactSource sources) {
        return new LeaseSetup(jdbc, markets, capacities, runners, sources, clock(), UUID.randomUUID());
    }

    @Bean
    LeaseBell leaseBell(DataSource database) {
        return new LeaseBell(database);
    }

    @Bean
    ControlPlane controlPlane(
            LeaseBell bell, DeploymentWorker deployments, LeaseSetup setup, LeaseRepository repository) {
        var sweep = new SweepWorker(setup.sweep());
        return new ControlPlane(bell, deployments, setup.worker(LeasePolicy.DEFAULT), sweep, repository);
    }
}
