package dev.leasehold.deploy.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;

/** One TLS connection to a runner, for one request at a time. Every exchange has a deadline. */
final class RunnerConnection implements Closeable {
    private final RunnerSocket socket;
    private final AnswerReader answers;
    private boolean open = true;

    /** A request's body and what is said about it. */
    record Body(String headers, byte[] bytes, int length) {
        static final Body NONE = new Body("", new byte[0], 0);

        static Body json(byte[] bytes) {
            return new Body("Content-Type: application/json\r\n", bytes, bytes.length);
        }
    }

    private RunnerConnection(RunnerSocket socket) throws IOException {
        this.socket = socket;
        this.answers = new AnswerReader(new BufferedInputStream(socket.in()));
    }

    static RunnerConnection open(Address address, SSLSocketFactory trust) throws IOException {
        return new RunnerConnection(RunnerSocket.open(address, trust));
    }

    String certificateSha256() throws IOException {
        try {
            return Trust.sha256((X509Certificate) socket.session().getPeerCertificates()[0]);
        } catch (CertificateException e) {
            throw new IOException("The runner's certificate cannot be read.", e);
        }
    }

    boolean isOpen() {
        return open;
    }

    /** @param headers each ended by a line break */
    Answer exchange(String method, String path, String headers, Body body, Duration max) throws IOException {
        try (var _ = new Deadline(socket.raw(), max)) {
            var head = method + " " + path + " HTTP/1.1\r\nHost: runner\r\n" + headers + body.headers()
                    + "Content-Length: " + body.length() + "\r\n\r\n";
            var out = socket.out();
            out.write(head.getBytes(ISO_8859_1));
            out.write(body.bytes(), 0, body.length());
            out.flush();
            var answer = answers.read(!method.equals("HEAD"));
            open = answer.keepsConnection();
            return answer;
        } catch (IOException e) {
            open = false;
            throw e;
        }
    }

    /** Ends whatever is under way on it, from any thread. */
    @Override
    public void close() {
        open = false;
        socket.close();
    }
}
