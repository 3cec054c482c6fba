package dev.leasehold.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.catalog.model.Task;
import dev.leasehold.deploy.deployment.Route;
import dev.leasehold.deploy.lease.LeaseBell;
import dev.leasehold.gateway.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class RouteTableTest {
    private static final Route ROUTE = new Route("m", "m", Task.CHAT, Instant.EPOCH, List.of());

    private final AtomicInteger reads = new AtomicInteger();

    private RouteTable reading(RuntimeException firstFailure) {
        return new RouteTable(
                () -> {
                    if (reads.incrementAndGet() == 1) {
                        throw firstFailure;
                    }
                    return List.of(ROUTE);
                },
                LeaseBell.ofRoutes(TestDatabase.empty()),
                _ -> {});
    }

    @Test
    void goesOnAfterWhateverFailure() throws InterruptedException {
        for (var failure : List.of(
                new DataAccessResourceFailureException("away"), new IllegalStateException("planted by the test"))) {
            reads.set(0);
            var routes = reading(failure);
            routes.start();

            boolean read = routes.awaitNewer(0, Duration.ofSeconds(20));
            routes.stop();

            assertThat(read).as("%s", failure).isTrue();
            assertThat(routes.now().find("m")).contains(ROUTE);
        }
    }

    @Test
    void whoWaitsIsLetGoWhenItStops() throws InterruptedException {
        var routes = reading(new IllegalStateException("planted by the test"));
        routes.start();
        routes.stop();

        assertThat(routes.awaitNewer(Long.MAX_VALUE, Duration.ofMinutes(1))).isFalse();
        assertThat(routes.isRunning()).isFalse();
    }
}
