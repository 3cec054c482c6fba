package dev.leasehold.deploy.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.deploy.RunnerProtocol;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A runner without a model: real TLS, the protocol's own messages, and whatever mistakes a test wants. */
public final class ScriptedRunner implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final String lease;
    private final String secret;
    private final ScriptedArtifacts artifacts = new ScriptedArtifacts();
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket server;
    private volatile TestCertificate certificate = TestCertificate.create();
    private volatile String boot = UUID.randomUUID().toString();
    private volatile boolean loaded;
    private volatile boolean holdsBack;
    private volatile int running;

    /** Writes an answer in its own way, whole or broken. */
    @FunctionalInterface
    public interface Script {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private record Request(String method, String path, Map<String, String> headers, byte[] body) {
        String what() {
            return method + " " + path;
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    public ScriptedRunner(String lease, String leaseSecret) {
        this.lease = lease;
        this.secret = leaseSecret;
        this.server = listen(0);
    }

    public Address address() {
        return new Address("127.0.0.1", server.getLocalPort());
    }

    /** From now on requests like {@code GET /ready} are answered by the script, whoever asks. */
    public void script(String request, Script script) {
        scripts.put(request, script);
    }

    /** So many sequences run here. */
    public void busyWith(int sequences) {
        running = sequences;
    }

    /** While it holds back, what it is told to load does not become ready. */
    public void holdBack(boolean hold) {
        holdsBack = hold;
    }

    public boolean isLoaded() {
        return loaded;
    }

    ScriptedArtifacts artifacts() {
        return artifacts;
    }

    /** What was asked here, such as {@code GET /ready}. */
    public List<String> requests() {
        return requests.stream().map(Request::what).toList();
    }

    JsonNode lastBody(String what) {
        return requests.stream()
                .filter(request -> request.what().equals(what))
                .reduce((_, later) -> later)
                .map(request -> JSON.readTree(request.body()))
                .orElseThrow();
    }

    String certificateSha256() {
        return certificate.sha256();
    }

    String boot() {
        return boot;
    }

    /** Ends without a word, as by kill -9. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hangUp();
    }

    /** Closes its connections, and listens on. */
    void hangUp() {
        try {
            for (var connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another process on the same port, under the same lease. */
    void restart() {
        int port = server.getLocalPort();
        close();
        certificate = TestCertificate.create();
        boot = UUID.randomUUID().toString();
        loaded = false;
        server = listen(port);
    }

    private ServerSocket listen(int port) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Thread.ofVirtual().start(() -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                var raw = listening.accept();
                connections.add(raw);
                Thread.ofVirtual().start(() -> serve(raw));
            }
        } catch (IOException _) {
            // It was closed.
        }
    }

    private void serve(Socket raw) {
        try (raw;
                var tls = (SSLSocket) certificate.context().getSocketFactory().createSocket(raw, null, true)) {
            tls.setUseClientMode(false);
            var in = new BufferedInputStream(tls.getInputStream());
            while (true) {
                answer(read(in), tls.getOutputStream());
            }
        } catch (IOException _) {
            // The client or the test has ended the connection.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(raw);
        }
    }

    private static Request read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The client is gone.");
            }
            head.write(next);
        }
        var lines = head.toString(ISO_8859_1).lines().toList();
        var headers = new ConcurrentHashMap<String, String>();
        lines.stream().skip(1).filter(line -> line.contains(":")).forEach(line -> {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        });
        var first = lines.getFirst().split(" ", -1);
        var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Request(first[0], first[1], headers, body);
    }

    private void answer(Request request, OutputStream out) throws IOException, InterruptedException {
        requests.add(request);
        var script = scripts.get(request.what());
        if (script != null) {
            script.answer(out);
        } else if (!request.path().equals("/challenge") && !isAuthorized(request)) {
            send(out, 401, RunnerProtocol.document("error").toString());
        } else if (request.path().startsWith("/artifacts/")) {
            artifact(request, out);
        } else {
            switch (request.what()) {
                case "POST /challenge" -> send(out, 200, proof(request));
                case "GET /ready" -> send(out, isReady() ? 200 : 503, readiness());
                case "PUT /model" -> load(out);
                default -> send(out, 404, RunnerProtocol.document("error").toString());
            }
        }
    }

    private boolean isAuthorized(Request request) {
        return request.header("authorization").equals("Bearer " + RunnerProtocol.token(secret));
    }

    private String proof(Request request) {
        var nonce = JSON.readTree(request.body()).path("nonce").asString();
        var answer = (ObjectNode) RunnerProtocol.document("challenge-answer");
        answer.put("lease", lease).put("boot", boot).put("certificate_sha256", certificate.sha256());
        answer.put("mac", RunnerProtocol.proof(secret, nonce, certificate.sha256(), lease, boot));
        return answer.toString();
    }

    private boolean isReady() {
        return loaded && !holdsBack;
    }

    private String readiness() {
        var unready = loaded ? "ready-loading" : "ready-empty";
        var answer = (ObjectNode) RunnerProtocol.document(isReady() ? "ready-ready" : unready);
        return answer.put("boot", boot)
                .put("running", running)
                .put("waiting", 0)
                .toString();
    }

    private void load(OutputStream out) throws IOException {
        loaded = true;
        send(out, 202, "{}");
    }

    private void artifact(Request request, OutputStream out) throws IOException {
        var sha256 = request.path().substring("/artifacts/".length());
        if (request.method().equals("HEAD")) {
            boolean whole = artifacts.find(sha256).isPresent();
            int received = artifacts.received(sha256);
            head(out, whole ? 200 : 404, whole ? "" : "Leasehold-Received: " + received + "\r\n", whole ? received : 0);
            return;
        }
        var said = artifacts.put(sha256, request.header("content-range"), request.body());
        send(out, said.status(), "{\"received\": " + said.received() + "}");
    }

    static void send(OutputStream out, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        head(out, status, "", bytes.length);
        out.write(bytes);
        out.flush();
    }

    static void head(OutputStream out, int status, String more, int length) throws IOException {
        var head = "HTTP/1.1 " + status + " Said\r\nContent-Length: " + length + "\r\n" + more + "\r\n";
        out.write(head.getBytes(ISO_8859_1));
        out.flush();
    }
}
