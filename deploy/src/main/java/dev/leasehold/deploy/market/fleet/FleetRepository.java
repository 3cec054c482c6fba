package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.MarketView.CloseReason;
import dev.leasehold.deploy.market.fleet.FleetLease.Closing;
import dev.leasehold.deploy.market.fleet.FleetLease.Observed;
import dev.leasehold.deploy.market.fleet.FleetLease.Sight;
import dev.leasehold.deploy.market.fleet.FleetLease.Terms;
import dev.leasehold.deploy.market.fleet.FleetLease.Wanted;
import dev.leasehold.deploy.market.fleet.FleetLease.Wish;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of the fleet. Whoever changes a lease holds the lock of its agent's row. */
final class FleetRepository {
    private static final int REGISTRATION_LOCK = 0x1ea5e;

    private final JdbcClient jdbc;

    FleetRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    UUID installation() {
        return jdbc.sql("SELECT id FROM fleet_installation").query(UUID.class).single();
    }

    /** Until the transaction ends nobody else registers. */
    void lockRegistration() {
        jdbc.sql("SELECT pg_advisory_xact_lock(:lock)")
                .param("lock", REGISTRATION_LOCK)
                .query((row, number) -> number)
                .list();
    }

    Optional<FleetAgent> agent(UUID id) {
        return jdbc.sql("SELECT * FROM fleet_agent WHERE id = :id")
                .param("id", id)
                .query(FleetRepository::agent)
                .optional();
    }

    /** Until the transaction ends nobody else changes this agent or its leases. */
    Optional<FleetAgent> lockAgent(UUID id) {
        return jdbc.sql("SELECT * FROM fleet_agent WHERE id = :id FOR UPDATE")
                .param("id", id)
                .query(FleetRepository::agent)
                .optional();
    }

    List<FleetAgent> agentsHeardSince(Instant time) {
        return jdbc.sql("SELECT * FROM fleet_agent WHERE left_at IS NULL AND heard_at >= :time ORDER BY name, id")
                .param("time", utc(time))
                .query(FleetRepository::agent)
                .list();
    }

    void saveAgent(FleetAgent agent) {
        jdbc.sql("""
                        INSERT INTO fleet_agent (id, boot, name, version, price_usd_per_hour, reach_host, host,
                                                 memory_available_bytes, heard_at)
                        VALUES (:id, :boot, :name, :version, :price, :reachHost, :host::jsonb, :available, :heardAt)
                        ON CONFLICT (id) DO UPDATE SET
                            boot = excluded.boot, name = excluded.name, version = excluded.version,
                            price_usd_per_hour = excluded.price_usd_per_hour, reach_host = excluded.reach_host,
                            host = excluded.host, memory_available_bytes = excluded.memory_available_bytes,
                            heard_at = greatest(fleet_agent.heard_at, excluded.heard_at), left_at = NULL""")
                .param("id", agent.id())
                .param("boot", agent.boot())
                .param("name", agent.name())
                .param("version", agent.version())
                .param("price", agent.priceUsdPerHour())
                .param("reachHost", agent.reachHost())
                .param("host", AgentWire.text(agent.host()))
                .param("available", agent.memoryAvailableBytes())
                .param("heardAt", utc(agent.heardAt()))
                .update();
    }

    void heard(UUID agent, long memoryAvailableBytes, Instant now) {
        jdbc.sql("""
                        UPDATE fleet_agent
                        SET heard_at = greatest(heard_at, :now), memory_available_bytes = :available WHERE id = :id""")
                .param("id", agent)
                .param("available", memoryAvailableBytes)
                .param("now", utc(now))
                .update();
    }

    void left(UUID agent, Instant now) {
        jdbc.sql("UPDATE fleet_agent SET left_at = :now WHERE id = :id")
                .param("id", agent)
                .param("now", utc(now))
                .update();
    }

    /** Marks that this agent's wishes changed, and gives their new revision. */
    long nextRevision(UUID agent) {
        return jdbc.sql("UPDATE fleet_agent SET revision = revision + 1 WHERE id = :id RETURNING revision")
                .param("id", agent)
                .query(Long.class)
                .single();
    }

    Optional<FleetLease> lease(LeaseId id) {
        return jdbc.sql("SELECT * FROM fleet_lease WHERE id = :id")
                .param("id", id.value())
                .query(FleetRepository::lease)
                .optional();
    }

    List<FleetLease> openLeases() {
        return jdbc.sql("SELECT * FROM fleet_lease WHERE closed_at IS NULL")
                .query(FleetRepository::lease)
                .list();
    }

    List<FleetLease> openLeases(UUID agent) {
        return jdbc.sql("SELECT * FROM fleet_lease WHERE closed_at IS NULL AND agent = :agent ORDER BY opened_at, id")
                .param("agent", agent)
                .query(FleetRepository::lease)
                .list();
    }

    /** Adds a lease, and says whether it did: not if its id is there. */
    boolean add(FleetLease lease) {
        return jdbc.sql("""
                        INSERT INTO fleet_lease (id, agent, wanted, wanted_revision, observed, memory_bytes, threads,
                                                 price_usd_per_hour, opened_at)
                        VALUES (:id, :agent, :wanted, :revision, :observed, :memory, :threads, :price, :openedAt)
                        ON CONFLICT (id) DO NOTHING""")
                        .param("id", lease.id().value())
                        .param("agent", lease.agent())
                        .param("wanted", lease.wish().wanted().name())
                        .param("revision", lease.wish().revision())
                        .param("observed", lease.sight().observed().name())
                        .param("memory", lease.terms().memoryBytes())
                        .param("threads", lease.terms().threads())
                        .param("price", lease.terms().priceUsdPerHour())
                        .param("openedAt", utc(lease.openedAt()))
                        .update()
                == 1;
    }

    /** Stores what changed, and wakes the lease worker with the commit. */
    void save(FleetLease lease) {
        var sight = lease.sight();
        var closing = lease.closing();
        jdbc.sql("""
                        UPDATE fleet_lease
                        SET wanted = :wanted, wanted_revision = :revision, observed = :observed, host = :host,
                            port = :port, exit_code = :exitCode, log_tail = :logTail::jsonb,
                            billed_until = :billedUntil, closed_at = :closedAt, close_reason = :reason,
                            close_detail = :detail
                        WHERE id = :id AND closed_at IS NULL""")
                .param("id", lease.id().value())
                .param("wanted", lease.wish().wanted().name())
                .param("revision", lease.wish().revision())
                .param("observed", sight.observed().name())
                .param("host", sight.host().orElse(null))
                .param("port", sight.port().orElse(null))
                .param("exitCode", sight.exitCode().orElse(null))
                .param("logTail", AgentWire.text(sight.logTail()))
                .param(
                        "billedUntil",
                        lease.billedUntil().map(FleetRepository::utc).orElse(null))
                .param("closedAt", closing.map(how -> utc(how.at())).orElse(null))
                .param("reason", closing.map(how -> how.reason().name()).orElse(null))
                .param("detail", closing.map(Closing::detail).orElse(null))
                .update();
        wakeLeaseWorker();
    }

    /** With the commit, whoever listens to the channel looks at once instead of at its next tick. */
    void wakeLeaseWorker() {
        jdbc.sql("SELECT pg_notify('leasehold_leases', '')")
                .query((row, number) -> number)
                .list();
    }

    private static FleetAgent agent(ResultSet row, int number) throws SQLException {
        return new FleetAgent(
                row.getObject("id", UUID.class),
                row.getObject("boot", UUID.class),
                row.getString("name"),
                row.getString("version"),
                row.getBigDecimal("price_usd_per_hour"),
                row.getString("reach_host"),
                AgentWire.parse(row.getString("host"), FleetHost.class),
                row.getLong("memory_available_bytes"),
                instant(row, "heard_at").orElseThrow(),
                instant(row, "left_at").isPresent(),
                row.getLong("revision"));
    }

    private static FleetLease lease(ResultSet row, int number) throws SQLException {
        return new FleetLease(
                new LeaseId(row.getObject("id", UUID.class)),
                row.getObject("agent", UUID.class),
                new Terms(row.getLong("memory_bytes"), row.getInt("threads"), row.getBigDecimal("price_usd_per_hour")),
                new Wish(Wanted.valueOf(row.getString("wanted")), row.getLong("wanted_revision")),
                sight(row),
                instant(row, "opened_at").orElseThrow(),
                instant(row, "billed_until"),
                closing(row));
    }

    private static Sight sight(ResultSet row) throws SQLException {
        return new Sight(
                Observed.valueOf(row.getString("observed")),
                Optional.ofNullable(row.getString("host")),
                Optional.ofNullable(row.getObject("port", Integer.class)),
                Optional.ofNullable(row.getObject("exit_code", Integer.class)),
                List.of(AgentWire.parse(row.getString("log_tail"), String[].class)));
    }

    private static Optional<Closing> closing(ResultSet row) throws SQLException {
        var at = instant(row, "closed_at");
        if (at.isEmpty()) {
            return Optional.empty();
        }
        var reason = CloseReason.valueOf(row.getString("close_reason"));
        return Optional.of(new Closing(at.get(), reason, row.getString("close_detail")));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
