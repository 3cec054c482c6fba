package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.lease.LeaseState.Closing;
import dev.leasehold.deploy.lease.LeaseState.Live;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.market.LeaseId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Shares the leases among control planes: each lease has one owner, which must say again and again that it lives. The
 * version fences off one that was away; the clock is the database's.
 */
final class LeaseClaims {
    private final JdbcClient jdbc;
    private final LeaseJson json;
    private final UUID owner;
    private final Duration claimed;

    /** @param claimed for how long an owner keeps a lease without a word */
    LeaseClaims(JdbcClient jdbc, LeaseJson json, UUID owner, Duration claimed) {
        this.jdbc = jdbc;
        this.json = json;
        this.owner = owner;
        this.claimed = claimed;
    }

    /**
     * Takes leases that nobody works, the longest due first. A dead owner's were alone since it last said that it
     * lives.
     */
    List<StoredLease> claim(int limit) {
        return jdbc.sql("""
                        WITH due AS (
                            SELECT id, due_at - CASE WHEN owner IS NULL THEN interval '0'
                                   ELSE make_interval(secs => :claimed) END AS kept_until
                            FROM lease WHERE due_at <= now()
                            ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED)
                        UPDATE lease SET owner = :owner, version = version + 1,
                                         due_at = now() + make_interval(secs => :claimed)
                        FROM due WHERE lease.id = due.id
                        RETURNING lease.id, version, terms, state,
                                  (extract(epoch FROM now() - due.kept_until) * 1000)::bigint AS gap_ms""")
                .param("limit", limit)
                .param("owner", owner)
                .param("claimed", seconds())
                .query(this::lease)
                .list();
    }

    /** Says that the owner still keeps these, and tells which of them are its own. */
    Set<LeaseId> renew(Collection<LeaseId> kept) {
        if (kept.isEmpty()) {
            return Set.of();
        }
        return jdbc
                .sql("""
                        UPDATE lease SET due_at = now() + make_interval(secs => :claimed)
                        WHERE owner = :owner AND id IN (:kept) AND due_at IS NOT NULL RETURNING id""")
                .param("owner", owner)
                .param("claimed", seconds())
                .param("kept", kept.stream().map(LeaseId::value).toList())
                .query(LeaseClaims::id)
                .list()
                .stream()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Those of the owner's leases that shall end. */
    List<LeaseId> stopsWanted() {
        return jdbc.sql("SELECT id FROM lease WHERE owner = :owner AND due_at IS NOT NULL AND stop_wanted")
                .param("owner", owner)
                .query(LeaseClaims::id)
                .list();
    }

    /** Gives all leases back, for another to take at once. */
    void giveBack() {
        jdbc.sql("UPDATE lease SET owner = NULL, due_at = now() WHERE owner = :owner AND due_at IS NOT NULL")
                .param("owner", owner)
                .update();
    }

    /** Stores the next state, and says whether it did: not if anyone has written or claimed since. */
    boolean save(LeaseId id, long version, LeaseState next, Instant now) {
        return jdbc.sql("""
                        UPDATE lease SET state = :state::jsonb, version = version + 1,
                            since = CASE WHEN kind = :kind THEN since ELSE :now END,
                            served_at = CASE WHEN :serves THEN coalesce(served_at, :now) ELSE served_at END,
                            ended_at = CASE WHEN :ends THEN coalesce(ended_at, :now) ELSE ended_at END,
                            due_at = CASE WHEN :released THEN NULL ELSE due_at END,
                            kind = :kind
                        WHERE id = :id AND version = :version""")
                        .param("state", json.write(next))
                        .param("kind", next.kind())
                        .param("now", LeaseRepository.utc(now))
                        .param("serves", next instanceof Serving)
                        .param("ends", next instanceof Closing)
                        .param("released", !(next instanceof Live))
                        .param("id", id.value())
                        .param("version", version)
                        .update()
                == 1;
    }

    private StoredLease lease(ResultSet row, int rowNumber) throws SQLException {
        return new StoredLease(
                new LeaseId(row.getObject("id", UUID.class)),
                row.getLong("version"),
                json.terms(row.getString("terms")),
                json.state(row.getString("state")),
                Duration.ofMillis(row.getLong("gap_ms")));
    }

    private static LeaseId id(ResultSet row, int rowNumber) throws SQLException {
        return new LeaseId(row.getObject("id", UUID.class));
    }

    private double seconds() {
        return claimed.toMillis() / 1000.0;
    }
}
