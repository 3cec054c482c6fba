package dev.leasehold.deploy.deployment;

import static dev.leasehold.deploy.deployment.DeploymentSamples.deployment;
import static dev.leasehold.deploy.lease.LeaseSamples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.lease.LeaseJson;
import dev.leasehold.deploy.market.TestDatabase;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DeploymentRepositoryTest {
    private final DataSource database = TestDatabase.empty();
    private final DeploymentRepository deployments =
            new DeploymentRepository(JdbcClient.create(database), new LeaseJson());

    @Test
    void aDeploymentIsReadAsItWasWritten() {
        deployments.add(deployment(2));

        assertThat(deployments.find("tiny")).contains(deployment(2));
        assertThat(deployments.find("other")).isEmpty();
    }

    @Test
    void ofManyThatAddOneNameAtOnceOneDoes() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> add = () -> deployments.add(deployment(2));

            var added = threads.invokeAll(List.of(add, add, add, add));

            assertThat(added.stream().filter(each -> each.resultNow())).hasSize(1);
        }
    }

    @Test
    void aRemovedDeploymentKeepsItsFirstTimeAndItsNameUntilItIsDeleted() {
        deployments.add(deployment(2));

        assertThat(deployments.remove("tiny", NOON)).isTrue();
        assertThat(deployments.remove("tiny", NOON.plusSeconds(9))).isTrue();
        assertThat(deployments.remove("other", NOON)).isFalse();

        assertThat(deployments.find("tiny").orElseThrow().removedAt()).contains(NOON);
        assertThat(deployments.add(deployment(1))).isFalse();
        deployments.delete("tiny");
        assertThat(deployments.add(deployment(1))).isTrue();
    }

    @Test
    void aDeploymentThatIsWantedIsNeverDeleted() {
        deployments.add(deployment(2));

        deployments.delete("tiny");

        assertThat(deployments.all()).containsExactly(deployment(2));
    }

    @Test
    void whatOneWorkerHasLockedAnotherPassesBy() throws Exception {
        deployments.add(deployment(2));
        var transactions = new TransactionTemplate(new JdbcTransactionManager(database));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            transactions.executeWithoutResult(_ -> {
                assertThat(deployments.lock("tiny")).isPresent();
                var other = threads.submit(() -> deployments.lock("tiny"));
                assertThat(join(other)).isEmpty();
            });
        }
        assertThat(deployments.lock("tiny")).isPresent();
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
