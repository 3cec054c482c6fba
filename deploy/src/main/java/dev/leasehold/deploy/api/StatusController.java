package dev.leasehold.deploy.api;

import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.market.Offer;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** How the installation is. Answers without the database too. */
@RestController
public class StatusController {
    private static final String VERSION = Optional.ofNullable(
                    StatusController.class.getPackage().getImplementationVersion())
            .orElse("0.1.0");

    private final JdbcClient jdbc;
    private final LeaseRepository leases;
    private final DeploymentService deployments;

    public StatusController(JdbcClient jdbc, LeaseRepository leases, DeploymentService deployments) {
        this.jdbc = jdbc;
        this.leases = leases;
        this.deployments = deployments;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record StatusJson(
            @Nullable String installation,
            String version,
            boolean databaseUp,
            @Nullable Integer deployments,
            @Nullable BigDecimal billingUsdPerHour) {}

    @GetMapping("/api/status")
    StatusJson status() {
        try {
            return new StatusJson(
                    installation(), VERSION, true, deployments.list().size(), billingUsdPerHour());
        } catch (DataAccessException _) {
            return new StatusJson(null, VERSION, false, null, null);
        }
    }

    private String installation() {
        return jdbc.sql("SELECT id::text FROM fleet_installation")
                .query(String.class)
                .single();
    }

    private BigDecimal billingUsdPerHour() {
        return leases.unreleased().stream()
                .filter(Lease::mayBill)
                .flatMap(lease -> lease.offer().stream())
                .map(Offer::priceUsdPerHour)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
