package dev.leasehold.deploy;

import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.deployment.DeploymentWorker;
import dev.leasehold.deploy.deployment.RouteRepository;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseBell;
import dev.leasehold.deploy.lease.LeasePolicy;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.lease.LeaseSetup;
import dev.leasehold.deploy.market.CutDatabase;
import dev.leasehold.deploy.market.fleet.FleetEndpoint;
import dev.leasehold.deploy.market.fleet.FleetFixture;
import dev.leasehold.deploy.market.fleet.FleetMarket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A control plane with the wiring of the gateway, and less patience with suspects. It can be killed. */
final class TestControlPlane implements AutoCloseable {
    private static final LeasePolicy POLICY = impatient(LeasePolicy.DEFAULT);

    private final CutDatabase database;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final ControlPlane controlPlane;

    private TestControlPlane(DataSource real, Path home) throws IOException {
        database = new CutDatabase(real);
        var secret = Files.writeString(home.resolve("secret"), "07".repeat(32));
        Map<String, Object> settings = Map.of(
                "leasehold.home", home.toString(),
                "leasehold.installation-secret-file", secret.toString(),
                "leasehold.fleet.join-token-file", FleetFixture.tokenFile().toString());
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", settings));
        context.registerBean(DataSource.class, () -> database);
        context.registerBean(JdbcClient.class, () -> JdbcClient.create(database));
        context.registerBean(JdbcTransactionManager.class, () -> new JdbcTransactionManager(database));
        context.register(DeployConfig.class);
        // The controllers need a servlet container, which only the gateway has: they are not made.
        context.addBeanFactoryPostProcessor(beans -> Arrays.stream(beans.getBeanDefinitionNames())
                .forEach(name -> beans.getBeanDefinition(name).setLazyInit(true)));
        context.refresh();
        var setup = bean(LeaseSetup.class);
        controlPlane = new ControlPlane(
                bean(LeaseBell.class),
                bean(DeploymentWorker.class),
                setup.worker(POLICY),
                new SweepWorker(setup.sweep()),
                bean(LeaseRepository.class));
    }

    static TestControlPlane start(DataSource database, Path home) {
        var started = prepare(database, home);
        started.controlPlane.start();
        return started;
    }

    /** Its markets and its deployments can be asked, but nothing is worked yet. */
    static TestControlPlane prepare(DataSource database, Path home) {
        try {
            return new TestControlPlane(database, home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LeasePolicy impatient(LeasePolicy usual) {
        return new LeasePolicy(
                usual.offerRetry(),
                usual.acceptMax(),
                usual.acceptsMax(),
                usual.launchMax(),
                usual.warmMin(),
                usual.warmBytesPerSecond(),
                usual.stallMax(),
                usual.failedProbesMax(),
                Duration.ofSeconds(1),
                usual.widespreadMax(),
                usual.drainMax(),
                usual.drainGrace(),
                usual.quietProbesMin(),
                usual.looks(),
                usual.closing());
    }

    private <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    DeploymentService deployments() {
        return bean(DeploymentService.class);
    }

    FleetEndpoint agents() {
        return bean(FleetEndpoint.class);
    }

    FleetMarket fleet() {
        return bean(FleetMarket.class);
    }

    RouteRepository routes() {
        return bean(RouteRepository.class);
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    List<Lease> leases() {
        return bean(LeaseRepository.class).unreleased();
    }

    /** As kill -9 does: from now on it changes nothing any more, and cleans nothing up. */
    void kill() {
        database.cutOff(true);
    }

    @Override
    public void close() {
        try {
            controlPlane.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        context.close();
    }
}
