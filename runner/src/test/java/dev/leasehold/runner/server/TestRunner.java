package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.runner.serving.ModelLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A runner's server on loopback with fake models, and ways to ask it. */
final class TestRunner implements AutoCloseable {
    static final ServerLimits LIMITS = new ServerLimits(
            32,
            20_000,
            1 << 16,
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));
    static final UUID LEASE = UUID.fromString("6f1c7f3e-2a7c-4c1e-9d59-0d6c8f1f9a10");
    static final byte[] SECRET = HexFormat.of().parseHex("0123456789abcdef".repeat(4));
    static final Instant NOW = Instant.parse("2026-11-24T15:00:00Z");
    private static final byte[] CONFIG = "{}".getBytes(UTF_8);

    final FakeModels models = new FakeModels();
    final Identity identity;
    final RunnerServer server;

    TestRunner(Path cache, ServerLimits limits) throws IOException {
        this(cache, limits, null);
    }

    /** With the engine that is given in place of the fake models. */
    TestRunner(Path cache, ServerLimits limits, @Nullable ModelLoader engine) throws IOException {
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        identity = Identity.create(LEASE, SECRET, clock, new SecureRandom());
        var parts = new RunnerServer.Parts(
                identity, new ArtifactStore(cache), engine == null ? models : engine, 1, "0.1.0", clock, new Random(1));
        server = new RunnerServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), parts, limits);
    }

    Wire connect() throws IOException, GeneralSecurityException {
        return new Wire(server.port());
    }

    /** Sends a request with the token on a connection that the test keeps. */
    void send(Wire wire, String method, String path, String body) throws IOException {
        wire.send(method, path, Map.of("Authorization", identity.authorization()), body.getBytes(UTF_8));
    }

    Wire.Answer ask(String method, String path, String body) throws IOException, GeneralSecurityException {
        return ask(method, path, Map.of(), body.getBytes(UTF_8));
    }

    Wire.Answer ask(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException, GeneralSecurityException {
        var all = new HashMap<>(headers);
        all.putIfAbsent("Authorization", identity.authorization());
        try (var wire = connect()) {
            wire.send(method, path, all, body);
            return wire.answer(!method.equals("HEAD"));
        }
    }

    static String sha256(byte[] content) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    Wire.Answer put(String sha256, byte[] piece, long offset, long total) throws IOException, GeneralSecurityException {
        var range = "bytes " + offset + "-" + (offset + piece.length - 1) + "/" + total;
        return ask("PUT", "/artifacts/" + sha256, Map.of("Content-Range", range), piece);
    }

    Wire.Answer order(String name, String task) throws IOException, GeneralSecurityException {
        var sha256 = sha256(CONFIG);
        put(sha256, CONFIG, 0, CONFIG.length);
        var file = "{\"name\": \"config.json\", \"sha256\": \"" + sha256 + "\", \"size_bytes\": 2}";
        return ask(
                "PUT",
                "/model",
                "{\"name\": \"" + name + "\", \"task\": \"" + task
                        + "\", \"context_length\": 2048, \"slots\": 8, \"files\": [" + file + "]}");
    }

    /** Loads a fake model and waits until it serves. */
    TestRunner loaded(String task) throws IOException, GeneralSecurityException {
        models.mayLoad.countDown();
        order("starter-chat", task);
        awaitStage("ready");
        return this;
    }

    Wire.Answer awaitStage(String stage) throws IOException, GeneralSecurityException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            var answer = ask("GET", "/ready", "");
            if (answer.json().path("stage").asString("").equals(stage)) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The runner did not become " + stage + ": " + answer.body());
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
