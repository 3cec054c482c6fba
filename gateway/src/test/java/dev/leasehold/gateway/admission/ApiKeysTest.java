package dev.leasehold.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.gateway.DatabaseLine;
import dev.leasehold.gateway.Eventually;
import dev.leasehold.gateway.TestDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

class ApiKeysTest {
    private static final KeyPolicy QUICK = new KeyPolicy(
            Duration.ofMillis(100), Duration.ofMillis(20), Duration.ofSeconds(2), 20, 8, Duration.ofMinutes(5));
    private static final KeyPolicy UNHURRIED = new KeyPolicy(
            Duration.ofMinutes(10), Duration.ofMillis(20), Duration.ofSeconds(2), 20, 8, Duration.ofMinutes(5));
    private static final String FIRST = "sk-lh-" + "a1B2".repeat(10);

    private final DatabaseLine line = TestDatabase.onALine();
    private final List<ApiKeys> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(ApiKeys::close);
        line.close();
    }

    @Test
    void aKeyIsKnownAndAnythingElseIsNot() {
        var keys = keys(line.database(), UNHURRIED);
        var created = keys.create("laptop").orElseThrow();

        assertThat(keys.authenticate(created.text()))
                .isEqualTo(new KeyCheck.Known(created.key().id()));
        assertThat(keys.authenticate(created.text() + "x")).isEqualTo(new KeyCheck.Unknown());
        assertThat(keys.authenticate(FIRST)).isEqualTo(new KeyCheck.Unknown());
        assertThat(keys.authenticate("")).isEqualTo(new KeyCheck.Unknown());
        assertThat(keys.authenticate("x".repeat(1 << 20))).isEqualTo(new KeyCheck.Unknown());
    }

    @Test
    void aKeyLooksLikeAKeyAndIsNowhereInTheDatabase() {
        var created = keys(line.database(), UNHURRIED).create("laptop").orElseThrow();

        assertThat(created.text())
                .matches("sk-lh-[0-9A-Za-z]{40}")
                .startsWith(created.key().prefix());
        assertThat(created.key().prefix()).hasSize(12);
        var secret = created.text().substring(12);
        var row = JdbcClient.create(line.beside())
                .sql("SELECT api_key::text || encode(hash, 'escape') FROM api_key")
                .query(String.class)
                .single();
        assertThat(row).doesNotContain(secret);
    }

    @Test
    void aKeyOfAnotherGatewayIsAskedForBeforeItIsRefused() {
        var here = keys(line.database(), UNHURRIED);
        assertThat(here.authenticate(FIRST)).isEqualTo(new KeyCheck.Unknown());

        var created = keys(line.beside(), UNHURRIED).create("elsewhere").orElseThrow();

        assertThat(here.authenticate(created.text()))
                .isEqualTo(new KeyCheck.Known(created.key().id()));
    }

    @Test
    void aRevokedKeyIsRefusedHereAtOnceAndElsewhereSoon() {
        var here = keys(line.database(), UNHURRIED);
        var elsewhere = keys(line.beside(), QUICK);
        var created = here.create("laptop").orElseThrow();
        assertThat(elsewhere.authenticate(created.text())).isInstanceOf(KeyCheck.Known.class);

        assertThat(here.revoke(created.key().id())).isTrue();

        assertThat(here.authenticate(created.text())).isEqualTo(new KeyCheck.Unknown());
        Eventually.await(
                "the other gateway refuses the key",
                () -> elsewhere.authenticate(created.text()).equals(new KeyCheck.Unknown()));
        assertThat(here.revoke(created.key().id())).isTrue();
    }

    @Test
    void withoutTheDatabaseAKnownKeyGoesOnAndAnUnknownOneIsNotRefused() {
        var keys = keys(line.database(), QUICK);
        var created = keys.create("laptop").orElseThrow();
        assertThat(keys.authenticate(FIRST)).isEqualTo(new KeyCheck.Unknown());

        line.cut();
        Eventually.await("the loss is noticed", () -> keys.authenticate(FIRST).equals(new KeyCheck.Unavailable()));

        assertThat(keys.authenticate(created.text())).isInstanceOf(KeyCheck.Known.class);
        line.comeBack();
        Eventually.await(
                "the database is asked again", () -> keys.authenticate(FIRST).equals(new KeyCheck.Unknown()));
    }

    @Test
    void aKeyThatComesFirstWhenTheDatabaseHasJustDiedIsNotRefused() {
        var keys = keys(line.database(), UNHURRIED);
        assertThat(keys.create("laptop")).isPresent();

        line.cut();

        assertThat(keys.authenticate(FIRST)).isEqualTo(new KeyCheck.Unavailable());
    }

    @Test
    void aSilentDatabaseHoldsUpNobodyWithAKnownKeyAndOthersOnlyForAWhile() throws InterruptedException {
        var keys = keys(line.database(), QUICK);
        var created = keys.create("laptop").orElseThrow();
        line.fallSilent();
        var waiting = new ArrayList<Thread>();
        var checks = new ConcurrentLinkedQueue<KeyCheck>();

        for (int caller = 0; caller < 50; caller++) {
            var token = FIRST + caller;
            waiting.add(Thread.ofVirtual().start(() -> checks.add(keys.authenticate(token))));
        }

        assertThat(keys.authenticate(created.text())).isInstanceOf(KeyCheck.Known.class);
        for (var thread : waiting) {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(checks).hasSize(50).containsOnly(new KeyCheck.Unavailable());
        line.comeBack();
        Eventually.await("it answers again", () -> keys.authenticate(FIRST).equals(new KeyCheck.Unknown()));
    }

    @Test
    void aFloodOfWrongKeysIsFewQuestionsAndLittleMemory() throws InterruptedException {
        var readings = new AtomicInteger();
        var repository = new KeyRepository(new JdbcTemplate(line.database()));
        try (var known = new KnownKeys(
                () -> {
                    readings.incrementAndGet();
                    return repository.live(Duration.ofSeconds(2));
                },
                UNHURRIED)) {
            known.start();
            var callers = new ArrayList<Thread>();

            for (int caller = 0; caller < 200; caller++) {
                var hash = KeyHash.of("wrong " + caller);
                callers.add(Thread.ofVirtual().start(() -> known.check(hash)));
            }
            for (var caller : callers) {
                caller.join();
            }

            assertThat(readings.get()).isLessThan(50);
            assertThat(known.refused()).isEqualTo(UNHURRIED.refusedMax());
        }
    }

    @Test
    void aWrongKeyThatIsRepeatedIsAskedForOnce() {
        var readings = new AtomicInteger();
        try (var known = new KnownKeys(
                () -> {
                    readings.incrementAndGet();
                    return Map.of();
                },
                UNHURRIED)) {
            known.start();
            known.check(KeyHash.of("wrong"));
            int readBefore = readings.get();

            for (int time = 0; time < 10; time++) {
                assertThat(known.check(KeyHash.of("wrong"))).isEqualTo(new KeyCheck.Unknown());
            }

            assertThat(readings.get()).isEqualTo(readBefore);
        }
    }

    @Test
    void theFirstKeyIsEnsuredAtEveryStartAndStaysRevoked() {
        var keys = keys(line.database(), UNHURRIED);
        keys.ensure(FIRST, "first");
        keys.ensure(FIRST, "again");
        assertThat(keys.list()).singleElement().satisfies(key -> {
            assertThat(key.name()).isEqualTo("first");
            assertThat(key.prefix()).isEqualTo(FIRST.substring(0, 12));
        });
        assertThat(keys.authenticate(FIRST)).isInstanceOf(KeyCheck.Known.class);

        keys.revoke(keys.list().getFirst().id());
        var restarted = keys(line.database(), UNHURRIED);
        restarted.ensure(FIRST, "first");

        assertThat(restarted.authenticate(FIRST)).isEqualTo(new KeyCheck.Unknown());
    }

    @Test
    void whatDoesNotLookLikeAKeyIsNotEnsuredAndNotShown() {
        var keys = keys(line.database(), UNHURRIED);

        assertThatThrownBy(() -> keys.ensure("hunter2", "first"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void liveKeysAreLimitedAndRevokedOnesDoNotCount() {
        var keys = keys(line.database(), UNHURRIED);
        var created = new ArrayList<ApiKeys.Created>();
        for (int count = 0; count < UNHURRIED.liveMax(); count++) {
            created.add(keys.create("key " + count).orElseThrow());
        }

        assertThat(keys.create("one too many")).isEmpty();

        keys.revoke(created.getFirst().key().id());
        assertThat(keys.create("fits again")).isPresent();
    }

    private ApiKeys keys(DataSource database, KeyPolicy policy) {
        var keys = new ApiKeys(
                new KeyRepository(new JdbcTemplate(database)), policy, new SecureRandom(), Clock.systemUTC());
        started.add(keys);
        keys.start();
        return keys;
    }
}
