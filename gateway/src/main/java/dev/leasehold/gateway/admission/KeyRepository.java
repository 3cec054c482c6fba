package dev.leasehold.gateway.admission;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The keys in PostgreSQL. */
final class KeyRepository {
    /** Whoever has more, most of them revoked, sees the live and the newest ones. */
    private static final String ADD_BELOW_LIMIT = """
            INSERT INTO api_key (id, name, prefix, hash, created_at)
            SELECT :id, :name, :prefix, :hash, :now
            WHERE (SELECT count(*) FROM api_key WHERE revoked_at IS NULL) < :liveMax""";

    private static final String ADD_ONCE = """
            INSERT INTO api_key (id, name, prefix, hash, created_at)
            VALUES (:id, :name, :prefix, :hash, :now)
            ON CONFLICT (hash) DO NOTHING""";
    private static final String LIST = """
            SELECT id, name, prefix, created_at, revoked_at FROM api_key
            ORDER BY revoked_at IS NOT NULL, created_at DESC, id LIMIT :max""";
    private static final int LISTED_MAX = 10_000;

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    KeyRepository(JdbcTemplate template) {
        this.template = template;
        this.jdbc = JdbcClient.create(template);
    }

    /**
     * Adds a key, and says whether it did: not if that many are live. Two at the same time may both be the last one.
     */
    boolean add(ApiKey key, KeyHash hash, int liveMax) {
        return insert(ADD_BELOW_LIMIT, key, hash).param("liveMax", liveMax).update() == 1;
    }

    /** Adds a key unless it is there, revoked or not. */
    void addOnce(ApiKey key, KeyHash hash) {
        insert(ADD_ONCE, key, hash).update();
    }

    private JdbcClient.StatementSpec insert(String sql, ApiKey key, KeyHash hash) {
        return jdbc.sql(sql)
                .param("id", key.id())
                .param("name", key.name())
                .param("prefix", key.prefix())
                .param("hash", hash.bytes())
                .param("now", utc(key.createdAt()));
    }

    /** The live keys, then the revoked ones, each the newest first. */
    List<ApiKey> list() {
        return jdbc.sql(LIST).param("max", LISTED_MAX).query(KeyRepository::key).list();
    }

    /** Revokes a key for ever, and says whether there is one. */
    boolean revoke(UUID id, Instant now) {
        return jdbc.sql("UPDATE api_key SET revoked_at = coalesce(revoked_at, :now) WHERE id = :id")
                        .param("id", id)
                        .param("now", utc(now))
                        .update()
                == 1;
    }

    /**
     * All keys that are not revoked; {@link #add} bounds how many.
     *
     * @param silenceMax how long the database may say nothing. Without it, one that hangs would be waited for for ever
     */
    Map<KeyHash, UUID> live(Duration silenceMax) {
        var live = template.execute((Connection connection) -> {
            connection.setNetworkTimeout(Runnable::run, (int) silenceMax.toMillis());
            return live(connection);
        });
        return live == null ? Map.of() : live;
    }

    private static Map<KeyHash, UUID> live(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT hash, id FROM api_key WHERE revoked_at IS NULL");
                var rows = statement.executeQuery()) {
            var live = new HashMap<KeyHash, UUID>();
            while (rows.next()) {
                live.put(KeyHash.ofBytes(rows.getBytes("hash")), rows.getObject("id", UUID.class));
            }
            return live;
        }
    }

    private static ApiKey key(ResultSet row, int rowNumber) throws SQLException {
        return new ApiKey(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("prefix"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("revoked_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
