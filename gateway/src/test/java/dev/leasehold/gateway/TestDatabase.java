package dev.leasehold.gateway;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A real PostgreSQL, one for all tests of the JVM; each test takes an empty database of its own. */
public final class TestDatabase {
    private static final EmbeddedPostgres POSTGRES = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    static {
        create("migrated");
        Flyway.configure()
                .dataSource(POSTGRES.getDatabase("postgres", "migrated"))
                .load()
                .migrate();
    }

    private TestDatabase() {}

    /** An empty database with our tables. */
    public static DataSource empty() {
        return at(POSTGRES.getPort(), create());
    }

    /** The same behind a line that can be cut. */
    public static DatabaseLine onALine() {
        return new DatabaseLine(POSTGRES.getPort(), create());
    }

    /** A pool that met a cut line asks again later and later; this waits until it has a connection. */
    public static void awaitAnswers(DataSource pool) {
        Eventually.await("the database answers again", () -> {
            try (var connection = pool.getConnection()) {
                return connection.isValid(1);
            } catch (SQLException _) {
                return false;
            }
        });
    }

    static DataSource at(int port, String database) {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser("postgres");
        return source;
    }

    private static String create() {
        var name = "test_" + DATABASES.incrementAndGet();
        create(name + " TEMPLATE migrated");
        return name;
    }

    private static void create(String database) {
        JdbcClient.create(POSTGRES.getPostgresDatabase())
                .sql("CREATE DATABASE " + database)
                .update();
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
