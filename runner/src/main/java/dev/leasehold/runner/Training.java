package dev.leasehold.runner;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.runner.onnx.OnnxModelLoader;
import dev.leasehold.runner.server.Identity;
import dev.leasehold.runner.server.RunnerServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HexFormat;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A short life of a runner with itself as client, for the JVM to learn what its start needs (the AOT cache). */
final class Training {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    private static final int SECRET_BYTES = 32;
    private static final int TIMEOUT_MILLIS = 10_000;

    private Training() {}

    static boolean run(Clock clock) {
        var random = new SecureRandom();
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        var identity = Identity.create(UUID.randomUUID(), secret, clock, random);
        var parts = new RunnerServer.Parts(
                identity,
                new ArtifactStore(Path.of(System.getProperty("java.io.tmpdir"), "leasehold-training")),
                new OnnxModelLoader(),
                1,
                Runner.version(),
                clock,
                random);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = new RunnerServer(address, parts)) {
            var nonce = "{\"nonce\": \"" + HexFormat.of().formatHex(secret) + "\"}";
            boolean challenged = ask(server.port(), "POST", "/challenge", nonce);
            boolean healthy = ask(server.port(), "GET", "/health", "");
            LOG.info("Trained.");
            return challenged && healthy;
        } catch (IOException | GeneralSecurityException e) {
            LOG.error("Training failed.", e);
            return false;
        }
    }

    private static boolean ask(int port, String method, String path, String body)
            throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustItself()}, null);
        var factory = context.getSocketFactory();
        try (var socket = (SSLSocket) factory.createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var request = method + " " + path + " HTTP/1.1\r\nHost: runner\r\nConnection: close\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return answer.startsWith("HTTP/1.1 200 ");
        }
    }

    /** For this process's own certificate of a moment ago, on loopback. */
    private static final class TrustItself implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
