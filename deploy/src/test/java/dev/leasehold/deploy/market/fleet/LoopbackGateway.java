package dev.leasehold.deploy.market.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.deploy.market.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.Executors;

/** The fleet behind a real HTTP server, which can go away and come back on its port. */
public final class LoopbackGateway implements AutoCloseable {
    private final Fleet fleet = FleetFixture.fleet(TestDatabase.empty(), Clock.systemUTC());
    private HttpServer server = listen(0);
    private final int port = server.getAddress().getPort();

    public FleetMarket market() {
        return fleet.market();
    }

    public FleetLogs logs() {
        return fleet.logs();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public void goAway() {
        server.stop(0);
    }

    public void comeBack() {
        server = listen(port);
    }

    private HttpServer listen(int port) {
        try {
            var listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            listening.createContext("/agent/", this::answer);
            listening.start();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = fleet.endpoint()
                    .handle(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    @Override
    public void close() {
        goAway();
    }
}
