package dev.leasehold.deploy.deployment;

import dev.leasehold.deploy.lease.LeaseJson;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The deployments in PostgreSQL. */
public final class DeploymentRepository {
    private static final String COLUMNS = """
            SELECT workload, memory_bytes, wanted_replicas, price_max_usd_per_hour, created_at, removed_at
            FROM deployment
            """;

    private final JdbcClient jdbc;
    private final LeaseJson json;

    public DeploymentRepository(JdbcClient jdbc, LeaseJson json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Adds a deployment, and says whether its name was free. */
    boolean add(Deployment deployment) {
        var model = deployment.workload().model();
        return jdbc.sql("""
                        INSERT INTO deployment (name, workload, model, task, memory_bytes, wanted_replicas,
                                                price_max_usd_per_hour, created_at)
                        VALUES (:name, :workload::jsonb, :model, :task, :memory, :wanted, :priceMax, :now)
                        ON CONFLICT (name) DO NOTHING""")
                        .param("name", deployment.name())
                        .param("workload", json.write(deployment.workload()))
                        .param("model", model.id())
                        .param("task", model.task().name())
                        .param("memory", deployment.memoryBytes())
                        .param("wanted", deployment.wantedReplicas())
                        .param("priceMax", deployment.priceMaxUsdPerHour().orElse(null))
                        .param("now", utc(deployment.createdAt()))
                        .update()
                == 1;
    }

    List<Deployment> all() {
        return jdbc.sql(COLUMNS + "ORDER BY name").query(this::deployment).list();
    }

    Optional<Deployment> find(String name) {
        return jdbc.sql(COLUMNS + "WHERE name = :name")
                .param("name", name)
                .query(this::deployment)
                .optional();
    }

    /** The deployment, kept from other workers until the transaction ends; empty if one of them has it. */
    Optional<Deployment> lock(String name) {
        return jdbc.sql(COLUMNS + "WHERE name = :name FOR UPDATE SKIP LOCKED")
                .param("name", name)
                .query(this::deployment)
                .optional();
    }

    /** Marks a deployment for its end, and says whether there is one. */
    boolean remove(String name, Instant now) {
        return jdbc.sql("UPDATE deployment SET removed_at = coalesce(removed_at, :now) WHERE name = :name")
                        .param("name", name)
                        .param("now", utc(now))
                        .update()
                == 1;
    }

    void delete(String name) {
        jdbc.sql("DELETE FROM deployment WHERE name = :name AND removed_at IS NOT NULL")
                .param("name", name)
                .update();
    }

    private Deployment deployment(ResultSet row, int rowNumber) throws SQLException {
        return new Deployment(
                json.workload(row.getString("workload")),
                row.getLong("memory_bytes"),
                row.getInt("wanted_replicas"),
                Optional.ofNullable(row.getBigDecimal("price_max_usd_per_hour")).map(BigDecimal::stripTrailingZeros),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("removed_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
