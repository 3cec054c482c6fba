package dev.leasehold.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerSettingsTest {
    private static final String LEASE = "6f1c7f3e-2a7c-4c1e-9d59-0d6c8f1f9a10";
    private static final String SECRET = "0123456789abcdef".repeat(4);
    private static final Map<String, String> REQUIRED =
            Map.of("LEASEHOLD_LEASE", LEASE, "LEASEHOLD_LEASE_SECRET", SECRET);

    @Test
    void whatIsNotSetHasTheProtocolsDefault() {
        var settings = RunnerSettings.of(REQUIRED, 4);

        assertThat(settings.bind()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8443);
        assertThat(settings.cache()).isEqualTo(Path.of("./cache"));
        assertThat(settings.stateFile()).isEmpty();
        assertThat(settings.threads()).isEqualTo(3);
        assertThat(RunnerSettings.of(REQUIRED, 1).threads()).isEqualTo(1);
    }

    @Test
    void everythingCanBeSet() {
        var environment = new HashMap<>(REQUIRED);
        environment.putAll(Map.of(
                "LEASEHOLD_BIND", "0.0.0.0",
                "LEASEHOLD_PORT", "0",
                "LEASEHOLD_CACHE", "/cache",
                "LEASEHOLD_STATE_FILE", "/state",
                "LEASEHOLD_THREADS", "7"));

        var settings = RunnerSettings.of(environment, 4);

        assertThat(settings.lease()).isEqualTo(UUID.fromString(LEASE));
        assertThat(settings.secret()).hasSize(32).startsWith(0x01, 0x23);
        assertThat(settings.bind()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isZero();
        assertThat(settings.cache()).isEqualTo(Path.of("/cache"));
        assertThat(settings.stateFile()).contains(Path.of("/state"));
        assertThat(settings.threads()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "LEASEHOLD_LEASE,''",
        "LEASEHOLD_LEASE,not-a-uuid",
        "LEASEHOLD_LEASE_SECRET,''",
        "LEASEHOLD_LEASE_SECRET,abcdef",
        "LEASEHOLD_PORT,65536",
        "LEASEHOLD_PORT,-1",
        "LEASEHOLD_THREADS,0",
        "LEASEHOLD_THREADS,many"
    })
    void whatIsWrongIsNamedWithoutItsValue(String name, String value) {
        var environment = new HashMap<>(REQUIRED);
        environment.put(name, value);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> RunnerSettings.of(environment, 4))
                .withMessageContaining(name)
                .withMessageNotContaining("abcdef");
    }

    @Test
    void theSecretIsNotPrinted() {
        assertThat(RunnerSettings.of(REQUIRED, 4).toString()).contains(LEASE).doesNotContain("35, 69");
    }
}
