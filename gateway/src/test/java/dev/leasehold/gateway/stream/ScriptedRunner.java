package dev.leasehold.gateway.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.market.LeaseId;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A runner that does what its script says with each request, over real TLS on loopback. */
public final class ScriptedRunner implements AutoCloseable {
    private final ServerSocket server;
    private final Target target;
    private final Thread accepting;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Script script = (_, answer) -> answer.json(500, "{}");

    /** A request that came. */
    public record Request(String line, Map<String, String> headers, String body) {}

    /** What the runner does with a request; what it throws breaks the connection. */
    public interface Script {
        void answer(Request request, Answer answer) throws IOException, InterruptedException;
    }

    public ScriptedRunner(TestCertificate certificate) throws IOException, GeneralSecurityException {
        server = certificate.sockets().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        target = new Target(
                new LeaseId(UUID.randomUUID()), "local", "127.0.0.1", server.getLocalPort(), certificate.sha256());
        accepting = Thread.ofVirtual().start(this::accept);
    }

    public ScriptedRunner does(Script next) {
        script = next;
        return this;
    }

    public Target target() {
        return target;
    }

    public List<Request> requests() {
        return requests;
    }

    public int openConnections() {
        return sockets.size();
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The server was closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                var request = read(in);
                requests.add(request);
                var answer = new Answer(socket, in);
                script.answer(request, answer);
            }
        } catch (IOException _) {
            // The gateway has left, or the script breaks the connection.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        var line = line(in);
        var headers = new TreeMap<String, String>();
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Request(line, headers, new String(body, UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed");
            }
            line.write(next);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    /** What a script writes. */
    public static final class Answer {
        private final Socket socket;
        private final InputStream in;

        private Answer(Socket socket, InputStream in) {
            this.socket = socket;
            this.in = in;
        }

        public void raw(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(UTF_8));
            socket.getOutputStream().flush();
        }

        public void json(int status, String body) throws IOException {
            raw("HTTP/1.1 " + status + " x\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.getBytes(UTF_8).length + "\r\n\r\n" + body);
        }

        /** Begins a stream. */
        public Answer stream() throws IOException {
            raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            return this;
        }

        public Answer chunk(String text) throws IOException {
            raw(Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n");
            return this;
        }

        public Answer event(String data) throws IOException {
            return chunk("data: " + data + "\n\n");
        }

        /** Chunks of a chat answer that says these words, the usage behind them, and the end. */
        public void chat(String... words) throws IOException {
            stream();
            event(chatChunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
            for (var word : words) {
                event(chatChunk("{\"content\":\"" + word + "\"}", "null"));
            }
            event(chatChunk("{}", "\"stop\""));
            event("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":" + words.length
                    + ",\"total_tokens\":" + (3 + words.length) + "}}");
            end();
        }

        public void end() throws IOException {
            event("[DONE]");
            raw("0\r\n\r\n");
        }

        /** Waits until the gateway closes the connection. */
        public void awaitClosed() throws IOException {
            while (in.read() >= 0) {
                // Nothing is expected of it but its end.
            }
        }

        /** Breaks the connection. */
        public void cut() throws IOException {
            socket.close();
            throw new IOException("cut");
        }
    }

    public static String chatChunk(String delta, String finishReason) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason
                + "}],\"usage\":null}";
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            // Until it has seen that, it might take one more connection.
            accepting.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        for (var socket : sockets) {
            socket.close();
        }
    }
}
