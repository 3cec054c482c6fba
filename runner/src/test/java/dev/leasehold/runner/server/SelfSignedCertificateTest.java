package dev.leasehold.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

class SelfSignedCertificateTest {
    private static final Instant NOW = Instant.parse("2026-11-24T15:00:00Z");

    @Test
    void itIsSignedByItsOwnKeyAndValidNow() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var keys = generator.generateKeyPair();

        var certificate = SelfSignedCertificate.of(keys, NOW, new SecureRandom());

        certificate.verify(keys.getPublic());
        assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(certificate.getSerialNumber()).isPositive();
        for (var time : new Instant[] {NOW, NOW.minus(Duration.ofHours(12)), NOW.plus(Duration.ofDays(3000))}) {
            assertThatCode(() -> certificate.checkValidity(Date.from(time))).doesNotThrowAnyException();
        }
    }
}
