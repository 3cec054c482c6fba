package dev.leasehold.deploy.market;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives each lease's secret from the installation's, so that none is stored and every gateway of an installation
 * agrees on them.
 */
public final class LeaseSecrets {
    private static final int SECRET_BYTES_MIN = 32;

    private final byte[] installationSecret;

    public LeaseSecrets(byte[] installationSecret) {
        if (installationSecret.length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException("The installation secret has fewer than 32 bytes.");
        }
        this.installationSecret = installationSecret.clone();
    }

    /** What the lessor and the runner of this lease share: 64 hex digits. */
    public String secretOf(LeaseId id) {
        return HexFormat.of().formatHex(secretBytes(id));
    }

    /** The bearer token for this lease's runner; docs/protocols/runner.md. */
    public String tokenOf(LeaseId id) {
        return HexFormat.of().formatHex(mac(secretBytes(id), "leasehold-token-v1"));
    }

    /** The answer that this lease's runner owes to a challenge; docs/protocols/runner.md. */
    public String challengeMac(LeaseId id, String nonce, String certificateSha256, String boot) {
        var text = String.join("\n", "leasehold-challenge-v1", nonce, certificateSha256, id.toString(), boot);
        return HexFormat.of().formatHex(mac(secretBytes(id), text));
    }

    private byte[] secretBytes(LeaseId id) {
        return mac(installationSecret, "leasehold-lease-v1\n" + id);
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256.", e);
        }
    }
}
