package dev.leasehold.gateway.console;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.leasehold.deploy.DeployConfig;
import dev.leasehold.deploy.lease.LeaseBell;
import dev.leasehold.deploy.lease.LeaseState;
import dev.leasehold.deploy.lease.LeaseState.Launching;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.LeaseState.Wanted;
import dev.leasehold.deploy.lease.LeaseState.Warming;
import dev.leasehold.deploy.lease.Progress;
import dev.leasehold.deploy.market.Offer;
import dev.leasehold.deploy.runner.Address;
import dev.leasehold.deploy.runner.Pin;
import dev.leasehold.gateway.DatabaseLine;
import dev.leasehold.gateway.RawHttp;
import dev.leasehold.gateway.TestDatabase;
import dev.leasehold.gateway.TestEnvironment;
import dev.leasehold.gateway.admission.AdmissionConfig;
import dev.leasehold.gateway.platform.Home;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * A console over the real control plane, whose workers do not run: the test itself moves leases, so that it knows what
 * the page has to show.
 */
final class ConsoleWorld implements AutoCloseable {
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
    private static final JsonMapper JSON =
            JsonMapper.builder().addMixIn(LeaseState.class, Named.class).build();

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
    private interface Named {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({DeployConfig.class, AdmissionConfig.class, ConsoleConfig.class})
    static class Application {
        @Bean
        ScriptedRelay relay() {
            return new ScriptedRelay();
        }
    }

    final Home home;
    final DatabaseLine line = TestDatabase.onALine();
    final ScriptedRelay relay;
    private final ConfigurableApplicationContext application;
    private final JdbcClient jdbc = JdbcClient.create(line.beside());

    ConsoleWorld(Path folder) {
        home = new Home(folder);
        home.prepare(new SecureRandom());
        application = new SpringApplicationBuilder(Application.class)
                .environment(TestEnvironment.of(Map.of(
                        "server.port",
                        "0",
                        "spring.datasource.url",
                        line.url(),
                        "spring.datasource.hikari.connection-timeout",
                        "1000",
                        "leasehold.home",
                        home.root().toString(),
                        "leasehold.data.address",
                        "0.0.0.0",
                        "leasehold.data.port",
                        "8080",
                        "leasehold.installation-secret-file",
                        home.secret().toString(),
                        "leasehold.fleet.join-token-file",
                        home.joinToken().toString())))
                .run();
        relay = application.getBean(ScriptedRelay.class);
        application.getBean(LeaseBell.class).start();
    }

    int port() {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    RawHttp http() {
        return new RawHttp(port());
    }

    /** A host that lends 8 GiB for this price, and is heard from for the next years. */
    void joins(String provider, String usdPerHour) {
        jdbc.sql("""
                        INSERT INTO fleet_agent (id, boot, name, version, price_usd_per_hour, reach_host, host,
                                                 memory_available_bytes, heard_at)
                        VALUES (gen_random_uuid(), gen_random_uuid(), :name, '0.1.0', :price, '127.0.0.1',
                                :host::jsonb, 8589934592, '2100-01-01T00:00:00Z')""")
                .param("name", provider)
                .param("price", new BigDecimal(usdPerHour))
                .param("host", """
                        {"hostname": "box", "cores": 4, "memory_bytes": 8589934592, "gpus": []}""")
                .update();
    }

    UUID wantsALease(String deployment) {
        var id = UUID.randomUUID();
        var state = new Wanted(Optional.empty(), LATER);
        jdbc.sql("""
                        INSERT INTO lease (id, deployment, terms, kind, state, created_at, since)
                        VALUES (:id, :deployment, '{}', :kind, :state::jsonb, now(), now())""")
                .param("id", id)
                .param("deployment", deployment)
                .param("kind", state.kind())
                .param("state", json(state))
                .update();
        return id;
    }

    void findsNoOffer(UUID lease, String why) {
        moves(lease, new Wanted(Optional.of(why), LATER));
    }

    void launches(UUID lease, String provider) {
        moves(lease, new Launching(offer(provider), "", LATER, LATER));
    }

    void loads(UUID lease, String provider, double fraction) {
        var progress = new Progress(Progress.Stage.LOADING, fraction);
        moves(lease, new Warming(offer(provider), new Address("127.0.0.1", 1), progress, LATER, LATER));
    }

    void serves(UUID lease, String provider) {
        var pin = new Pin(new Address("127.0.0.1", 1), "boot", "ab".repeat(32));
        moves(lease, new Serving(offer(provider), pin, LATER));
    }

    /** All leases of a removed deployment are released, and its row goes with them. */
    void forgets(String deployment) {
        jdbc.sql("DELETE FROM lease WHERE deployment = :name")
                .param("name", deployment)
                .update();
        jdbc.sql("DELETE FROM deployment WHERE name = :name")
                .param("name", deployment)
                .update();
    }

    void forgetsEverything() {
        line.comeBack();
        TestDatabase.awaitAnswers(application.getBean(DataSource.class));
        jdbc.sql("TRUNCATE lease, deployment, fleet_lease, fleet_agent").update();
        relay.forget();
    }

    private void moves(UUID lease, LeaseState state) {
        jdbc.sql("UPDATE lease SET kind = :kind, state = :state::jsonb, since = now() WHERE id = :id")
                .param("kind", state.kind())
                .param("state", json(state))
                .param("id", lease)
                .update();
    }

    private static String json(LeaseState state) {
        return JSON.writerFor(LeaseState.class).writeValueAsString(state);
    }

    private static Offer offer(String provider) {
        return new Offer("fleet", provider, "offer", new BigDecimal("0.12"), 8L << 30, 4);
    }

    @Override
    public void close() {
        application.close();
        line.close();
    }
}
