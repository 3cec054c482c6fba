package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseSecrets;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the fleet market together. Imported where the control plane runs. */
@Configuration(proxyBeanMethods = false)
public class FleetConfig {
    @Bean
    Fleet fleet(
            JdbcClient jdbc,
            PlatformTransactionManager transactionManager,
            LeaseSecrets secrets,
            Clock clock,
            @Value("${leasehold.fleet.join-token-file}") String joinTokenFile) {
        var store = new FleetStore(new FleetRepository(jdbc), new TransactionTemplate(transactionManager));
        return Fleet.of(store, secrets, clock, Path.of(joinTokenFile));
    }

    @Bean
    FleetMarket fleetMarket(Fleet fleet) {
        return fleet.market();
    }

    @Bean
    FleetEndpoint fleetEndpoint(Fleet fleet) {
        return fleet.endpoint();
    }

    @Bean
    FleetLogs fleetLogs(Fleet fleet) {
        return fleet.logs();
    }
}
