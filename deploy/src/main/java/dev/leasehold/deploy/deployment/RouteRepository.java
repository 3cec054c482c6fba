package dev.leasehold.deploy.deployment;

import dev.leasehold.catalog.model.Task;
import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.market.LeaseId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The routes, read from deployments and leases. PostgreSQL notifies {@code leasehold_routes} when they may have
 * changed.
 */
public final class RouteRepository {
    private final JdbcClient jdbc;

    public RouteRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All routes; those that nobody serves now have no target. */
    public List<Route> all() {
        var routes = new LinkedHashMap<String, Route>();
        jdbc.sql("""
                        SELECT d.name, d.model, d.task, d.created_at, l.id,
                               l.state #>> '{offer,provider}' AS provider,
                               l.state #>> '{runner,address,host}' AS host,
                               (l.state #>> '{runner,address,port}')::integer AS port,
                               l.state #>> '{runner,certificateSha256}' AS certificate
                        FROM deployment d
                        LEFT JOIN lease l ON l.deployment = d.name AND l.kind = 'Serving' AND NOT l.stop_wanted
                        WHERE d.removed_at IS NULL
                        ORDER BY d.name, l.created_at, l.id""")
                .query(RouteRepository::row)
                .list()
                .forEach(route -> routes.merge(route.deployment(), route, RouteRepository::both));
        return List.copyOf(routes.values());
    }

    private static Route row(ResultSet row, int rowNumber) throws SQLException {
        var lease = row.getObject("id", UUID.class);
        List<Target> targets = lease == null
                ? List.of()
                : List.of(new Target(
                        new LeaseId(lease),
                        row.getString("provider"),
                        row.getString("host"),
                        row.getInt("port"),
                        row.getString("certificate")));
        return new Route(
                row.getString("name"),
                row.getString("model"),
                Task.valueOf(row.getString("task")),
                instant(row, "created_at"),
                targets);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Route both(Route first, Route second) {
        var targets = new ArrayList<>(first.targets());
        targets.addAll(second.targets());
        return new Route(first.deployment(), first.model(), first.task(), first.createdAt(), targets);
    }
}
