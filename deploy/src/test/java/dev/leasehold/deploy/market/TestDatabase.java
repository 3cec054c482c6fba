package dev.leasehold.deploy.market;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A real PostgreSQL, one for all tests of the JVM; each test takes an empty database of its own. */
public final class TestDatabase {
    private static final EmbeddedPostgres POSTGRES = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    static {
        create("migrated");
        var database = POSTGRES.getDatabase("postgres", "migrated");
        Flyway.configure().dataSource(database).load().migrate();
    }

    private TestDatabase() {}

    /** An empty database with our tables. */
    public static DataSource empty() {
        var name = "test_" + DATABASES.incrementAndGet();
        create(name + " TEMPLATE migrated");
        return POSTGRES.getDatabase("postgres", name);
    }

    /** The same on one connection, for tests of one thread; to be destroyed after the test. */
    public static SingleConnectionDataSource onOneConnection() {
        try {
            return new SingleConnectionDataSource(empty().getConnection(), true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void create(String database) {
        JdbcClient.create(POSTGRES.getPostgresDatabase())
                .sql("CREATE DATABASE " + database)
                .update();
    }

    private static EmbeddedPostgres start() {
        try {
            // Nothing of it outlives the JVM, which would wait for the disk when it ends.
            return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
