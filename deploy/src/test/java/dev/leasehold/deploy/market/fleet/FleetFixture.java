package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.deploy.market.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The fleet on an empty database. */
public final class FleetFixture {
    public static final String TOKEN = "join-me";

    private FleetFixture() {}

    static Fleet fleet(DataSource database, Clock clock) {
        var store = new FleetStore(
                new FleetRepository(JdbcClient.create(database)),
                new TransactionTemplate(new JdbcTransactionManager(database)));
        return Fleet.of(store, new LeaseSecrets(new byte[32]), clock, tokenFile());
    }

    static Fleet fleet(Clock clock) {
        return fleet(TestDatabase.empty(), clock);
    }

    public static Path tokenFile() {
        try {
            var file = Files.createTempFile("join-token", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, TOKEN + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
