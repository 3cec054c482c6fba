package dev.leasehold.gateway;

import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.gateway.openai.OpenAiApi;
import dev.leasehold.gateway.routing.RouteTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The whole gateway in this JVM, on a real PostgreSQL behind a line that can be cut. Leases are written straight into
 * the database, so that the runners which they lead to can be scripted.
 */
final class TestGateway implements AutoCloseable {
    static final String KEY = "sk-lh-" + "Test".repeat(10);
    static final LeaseSecrets SECRETS = new LeaseSecrets(new byte[32]);

    private final DatabaseLine line = TestDatabase.onALine();
    private final JdbcClient database = JdbcClient.create(line.beside());
    private final LocalGateway gateway;
    private final int port;

    TestGateway(Path home) throws IOException {
        Files.writeString(home.resolve("secret"), HexFormat.of().formatHex(new byte[32]));
        Files.writeString(home.resolve("join-token"), "0123456789abcdef".repeat(4));
        gateway = LocalGateway.launch(settings(home), KEY);
        port = gateway.bean(DataPlane.class).port();
    }

    private Map<String, Object> settings(Path home) {
        var settings = new HashMap<String, Object>();
        settings.put("leasehold.home", home.toString());
        settings.put(
                "leasehold.installation-secret-file", home.resolve("secret").toString());
        settings.put(
                "leasehold.fleet.join-token-file", home.resolve("join-token").toString());
        settings.put("leasehold.data.port", 0);
        settings.put("leasehold.data.replica-wait-max", "3s");
        settings.put("server.port", 0);
        settings.put("spring.datasource.hikari.connection-timeout", 1000);
        settings.put("spring.datasource.url", line.url());
        settings.put("logging.level.dev.leasehold", "ERROR");
        return settings;
    }

    DatabaseLine line() {
        return line;
    }

    int port() {
        return port;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    OpenAiApi api() {
        return gateway.bean(OpenAiApi.class);
    }

    /** Deploys a model that nobody serves yet, and waits until the gateway knows it. */
    void deploy(String name, String task) {
        database.sql("""
                        INSERT INTO deployment (name, workload, model, task, memory_bytes, wanted_replicas, created_at)
                        VALUES (:name, '{}', :name, :task, 1, 1, now())""").param("name", name).param("task", task).update();
        awaitRoutes(routes -> routes.find(name).isPresent());
    }

    /** Has a deployment served by a runner, and waits until the gateway knows it. */
    void serve(String deployment, Target target) {
        lease(deployment, target);
        awaitRoutes(routes -> routes.find(deployment).orElseThrow().targets().contains(target));
    }

    void lease(String deployment, Target target) {
        database.sql("""
                        INSERT INTO lease (id, deployment, terms, kind, state, created_at, since)
                        VALUES (:id, :deployment, '{}', 'Serving',
                                jsonb_build_object('offer', jsonb_build_object('provider', :provider),
                                    'runner', jsonb_build_object('certificateSha256', :certificate,
                                        'address', jsonb_build_object('host', :host, 'port', :port))), now(), now())""")
                .param("id", target.lease().value())
                .param("deployment", deployment)
                .param("provider", target.provider())
                .param("certificate", target.certificateSha256())
                .param("host", target.host())
                .param("port", target.port())
                .update();
    }

    void clear() {
        line.comeBack();
        TestDatabase.awaitAnswers(gateway.bean(DataSource.class));
        database.sql("DELETE FROM lease").update();
        database.sql("DELETE FROM deployment").update();
        awaitRoutes(routes -> routes.byName().isEmpty());
    }

    private void awaitRoutes(Predicate<RouteTable.Snapshot> holds) {
        var routes = gateway.bean(RouteTable.class);
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        for (var known = routes.now(); !holds.test(known); known = routes.now()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("The gateway did not hear of its routes.");
            }
            try {
                routes.awaitNewer(known.version(), Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        gateway.close();
        line.close();
    }
}
