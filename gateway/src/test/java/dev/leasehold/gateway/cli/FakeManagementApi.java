package dev.leasehold.gateway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Management and OpenAI API on one loopback port, which answer what they are told to and note what they are asked. */
final class FakeManagementApi implements AutoCloseable {
    private static final Answer UNKNOWN = new Answer(404, "{\"title\": \"Not Found\", \"detail\": \"No such path.\"}");

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    /** @param breaksOff whether the connection is closed before the end of what was promised */
    record Answer(int status, String body, boolean breaksOff) {
        Answer(int status, String body) {
            this(status, body, false);
        }
    }

    record Asked(String request, String authorization, String body) {}

    private FakeManagementApi(HttpServer server) {
        this.server = server;
    }

    static FakeManagementApi start() {
        return start(0);
    }

    static FakeManagementApi start(int port) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            var api = new FakeManagementApi(server);
            server.createContext("/", api::handle);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return api;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers a request such as {@code GET /api/models} so from now on; of several answers the last one stays. */
    FakeManagementApi when(String request, Answer... next) {
        answers.put(request, new ArrayDeque<>(List.of(next)));
        return this;
    }

    FakeManagementApi when(String request, String body) {
        return when(request, new Answer(200, body));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(new Asked(request, authorization == null ? "" : authorization, body));
            answer(exchange, next(request));
        }
    }

    private Answer next(String request) {
        var queue = answers.getOrDefault(request, new ArrayDeque<>(List.of(UNKNOWN)));
        synchronized (queue) {
            return queue.size() > 1 ? queue.removeFirst() : queue.getFirst();
        }
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.breaksOff() ? bytes.length + 1L : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
