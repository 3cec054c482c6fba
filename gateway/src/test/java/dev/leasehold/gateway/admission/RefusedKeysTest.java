package dev.leasehold.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusedKeysTest {
    private final RefusedKeys refused = new RefusedKeys(2, Duration.ofNanos(10));

    @Test
    void aWrongKeyIsRememberedForAWhileOnly() {
        refused.add(KeyHash.of("a"), 100);

        assertThat(refused.contains(KeyHash.of("a"), 109)).isTrue();
        assertThat(refused.contains(KeyHash.of("a"), 110)).isFalse();
        assertThat(refused.contains(KeyHash.of("b"), 100)).isFalse();
    }

    @Test
    void theOldestIsForgottenFirst() {
        refused.add(KeyHash.of("a"), 1);
        refused.add(KeyHash.of("b"), 2);
        refused.add(KeyHash.of("a"), 3);

        refused.add(KeyHash.of("c"), 4);

        assertThat(refused.size()).isEqualTo(2);
        assertThat(refused.contains(KeyHash.of("b"), 5)).isFalse();
        assertThat(refused.contains(KeyHash.of("a"), 5)).isTrue();
        assertThat(refused.contains(KeyHash.of("c"), 5)).isTrue();
    }
}
