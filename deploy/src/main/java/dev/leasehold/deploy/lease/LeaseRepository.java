package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.market.LeaseId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The leases in PostgreSQL, for whoever wants, stops or reads them. {@code LeaseClaims} is for those who work them. */
public final class LeaseRepository {
    /** So many of a deployment's ended leases are looked at; more say nothing new about why it fails. */
    private static final int ENDED_READ = 16;

    private static final String COLUMNS =
            "SELECT id, deployment, state, stop_wanted, created_at, since, served_at, ended_at FROM lease ";

    private final JdbcClient jdbc;
    private final LeaseJson json;

    public LeaseRepository(JdbcClient jdbc, LeaseJson json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Wants a lease. A worker takes it up at once. */
    public void want(LeaseId id, LeaseTerms terms, Instant now) {
        var state = new Wanted(Optional.empty(), now);
        jdbc.sql("""
                        INSERT INTO lease (id, deployment, terms, kind, state, created_at, since, due_at)
                        VALUES (:id, :deployment, :terms::jsonb, :kind, :state::jsonb, :now, :now, now())""")
                .param("id", id.value())
                .param("deployment", terms.deployment())
                .param("terms", json.write(terms))
                .param("kind", state.kind())
                .param("state", json.write(state))
                .param("now", utc(now))
                .update();
    }

    /** Wants the end of leases. Their workers see to it. */
    public void stop(Collection<LeaseId> ids) {
        if (!ids.isEmpty()) {
            jdbc.sql("UPDATE lease SET stop_wanted = true WHERE id IN (:ids) AND NOT stop_wanted")
                    .param("ids", ids.stream().map(LeaseId::value).toList())
                    .update();
        }
    }

    /** Wants the end of all leases. */
    public void stopAll() {
        jdbc.sql("UPDATE lease SET stop_wanted = true WHERE kind <> 'Released' AND NOT stop_wanted")
                .update();
    }

    /** All leases that are not released, the oldest first. */
    public List<Lease> unreleased() {
        return jdbc.sql(COLUMNS + "WHERE kind <> 'Released' ORDER BY created_at, id")
                .query(this::lease)
                .list();
    }

    /** A deployment's leases that were made since then, the oldest first: all that live, and the last that ended. */
    public List<Lease> of(String deployment, Instant since) {
        return jdbc.sql("SELECT * FROM (" + COLUMNS + """
                        WHERE deployment = :deployment AND kind <> 'Released'
                        UNION ALL (""" + COLUMNS + """
                        WHERE deployment = :deployment AND kind = 'Released' AND created_at >= :since
                        ORDER BY ended_at DESC NULLS LAST LIMIT :ended)) found ORDER BY created_at, id""")
                .param("deployment", deployment)
                .param("since", utc(since))
                .param("ended", ENDED_READ)
                .query(this::lease)
                .list();
    }

    public Optional<Lease> find(LeaseId id) {
        return jdbc.sql(COLUMNS + "WHERE id = :id")
                .param("id", id.value())
                .query(this::lease)
                .optional();
    }

    /** Forgets leases that were released so long ago, and old operations. */
    public void forget(Instant now, Duration kept) {
        jdbc.sql("DELETE FROM lease WHERE kind = 'Released' AND since < :before")
                .param("before", utc(now.minus(kept)))
                .update();
        jdbc.sql("DELETE FROM lease_operation WHERE started_at < :before")
                .param("before", utc(now.minus(kept)))
                .update();
    }

    private Lease lease(ResultSet row, int rowNumber) throws SQLException {
        return new Lease(
                new LeaseId(row.getObject("id", UUID.class)),
                row.getString("deployment"),
                json.state(row.getString("state")),
                row.getBoolean("stop_wanted"),
                instant(row, "created_at").orElseThrow(),
                instant(row, "since").orElseThrow(),
                instant(row, "served_at"),
                instant(row, "ended_at"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** PostgreSQL's driver takes no {@link Instant}. */
    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
