package dev.leasehold.deploy.runner;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A TLS connection to a runner. */
public final class RunnerSocket implements Closeable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

    private final Socket raw;
    private final SSLSocket tls;

    private RunnerSocket(Socket raw, SSLSocket tls) {
        this.raw = raw;
        this.tls = tls;
    }

    /** Dials one runner, as often as it is asked, and refuses whoever shows another certificate. */
    public static final class Dialer {
        private final Address address;
        private final SSLSocketFactory trust;

        /** @param certificateSha256 of the DER bytes, in hex */
        public Dialer(Address address, String certificateSha256) {
            this.address = address;
            this.trust = Trust.only(certificateSha256);
        }

        /**
         * Opens a connection within three seconds.
         *
         * @throws RunnerException.OtherRunner if somebody else listens there
         */
        public RunnerSocket dial() throws IOException {
            return open(address, trust);
        }
    }

    static RunnerSocket open(Address address, SSLSocketFactory trust) throws IOException {
        var raw = new Socket();
        try (var _ = new Deadline(raw, CONNECT_MAX)) {
            raw.setTcpNoDelay(true);
            raw.connect(new InetSocketAddress(address.host(), address.port()), (int) CONNECT_MAX.toMillis());
            var tls = (SSLSocket) trust.createSocket(raw, address.host(), address.port(), true);
            tls.startHandshake();
            return new RunnerSocket(raw, tls);
        } catch (SSLException e) {
            raw.close();
            throw causeOf(e);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private static IOException causeOf(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Trust.OtherCertificateException) {
                return new RunnerException.OtherRunner("The certificate is not the pinned one.");
            }
        }
        return e;
    }

    public InputStream in() throws IOException {
        return tls.getInputStream();
    }

    public OutputStream out() throws IOException {
        return tls.getOutputStream();
    }

    SSLSession session() {
        return tls.getSession();
    }

    /** How long a read may find nothing before it fails. */
    public void silenceMax(Duration max) throws IOException {
        raw.setSoTimeout((int) max.toMillis());
    }

    Closeable raw() {
        return raw;
    }

    /** Ends whatever is under way on it, from any thread, without waiting for the other side. */
    @Override
    public void close() {
        try {
            raw.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
