package dev.leasehold.deploy.runner;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a connection trusts: the one certificate that is pinned, or anyone, to challenge him. Names and issuers say
 * nothing here; runners make their keys themselves.
 */
final class Trust extends X509ExtendedTrustManager {
    private final Optional<String> certificateSha256;

    private Trust(Optional<String> certificateSha256) {
        this.certificateSha256 = certificateSha256;
    }

    static SSLSocketFactory anyone() {
        return factory(new Trust(Optional.empty()));
    }

    static SSLSocketFactory only(String certificateSha256) {
        return factory(new Trust(Optional.of(certificateSha256)));
    }

    private static SSLSocketFactory factory(Trust trust) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has TLS.", e);
        }
    }

    static String sha256(X509Certificate certificate) throws CertificateException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (certificateSha256.isPresent() && !sha256(chain[0]).equals(certificateSha256.get())) {
            throw new OtherCertificateException();
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("Nobody is a client here.");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("Nobody is a client here.");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("Nobody is a client here.");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    /** Whoever answers is not the one who was pinned. */
    static final class OtherCertificateException extends CertificateException {
        OtherCertificateException() {
            super("The certificate is not the pinned one.");
        }
    }
}
