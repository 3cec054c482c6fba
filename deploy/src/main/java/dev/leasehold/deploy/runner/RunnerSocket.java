package dev.leasehold.deploy.runner;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A TLS connection to a runner. */
public final class RunnerSocket implements Closeable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);

    /** So much goes out in one TLS record, and always has room in a connection on which nothing else is under way. */
    private static final int RECORD_BYTES = 16 << 10;

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

    OutputStream out() throws IOException {
        return tls.getOutputStream();
    }

    /** Sends both, one behind the other, and fails if the other side does not take them in time. */
    public void send(byte[] head, byte[] body, Duration max) throws IOException {
        if (head.length + body.length <= RECORD_BYTES) {
            var both = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, both, head.length, body.length);
            out().write(both);
            return;
        }
        try (var _ = new Deadline(raw, max)) {
            out().write(head);
            out().write(body);
        }
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
