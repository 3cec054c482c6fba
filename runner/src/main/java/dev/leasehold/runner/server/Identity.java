package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Who this runner is since it started: its lease, boot id and key, and how it proves that it has the secret. */
public final class Identity {
    private static final String TOKEN_PREFIX = "Bearer ";

    private final UUID lease;
    private final byte[] secret;
    private final UUID boot;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private final String certificateSha256;
    private final byte[] token;

    private Identity(UUID lease, byte[] secret, UUID boot, PrivateKey key, X509Certificate certificate)
            throws GeneralSecurityException {
        this.lease = lease;
        this.secret = secret;
        this.boot = boot;
        this.key = key;
        this.certificate = certificate;
        this.certificateSha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        this.token = token(secret).getBytes(UTF_8);
    }

    /** Makes a key and a boot id. */
    public static Identity create(UUID lease, byte[] secret, Clock clock, SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            var keys = generator.generateKeyPair();
            var certificate = SelfSignedCertificate.of(keys, clock.instant(), random);
            return new Identity(lease, secret.clone(), UUID.randomUUID(), keys.getPrivate(), certificate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has EC P-256 and SHA-256.", e);
        }
    }

    public UUID boot() {
        return boot;
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** The answer to a challenge. */
    Proof prove(String nonce) {
        return prove(nonce, secret, lease, boot, certificateSha256);
    }

    static Proof prove(String nonce, byte[] secret, UUID lease, UUID boot, String certificateSha256) {
        var text = String.join(
                "\n", "leasehold-challenge-v1", nonce, certificateSha256, lease.toString(), boot.toString());
        return new Proof(lease, boot, certificateSha256, mac(secret, text));
    }

    static String token(byte[] secret) {
        return mac(secret, "leasehold-token-v1");
    }

    /** In the same time for every wrong header. */
    boolean accepts(String authorization) {
        return authorization.startsWith(TOKEN_PREFIX)
                && MessageDigest.isEqual(
                        token, authorization.substring(TOKEN_PREFIX.length()).getBytes(UTF_8));
    }

    /** The header that {@link #accepts} takes. */
    public String authorization() {
        return TOKEN_PREFIX + new String(token, UTF_8);
    }

    private static String mac(byte[] secret, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256.", e);
        }
    }

    record Proof(UUID lease, UUID boot, String certificateSha256, String mac) {}
}
