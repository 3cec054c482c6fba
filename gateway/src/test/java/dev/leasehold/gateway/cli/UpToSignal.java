package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.cli.FakeManagementApi.Answer;
import dev.leasehold.gateway.platform.Gateway;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code leasehold up} in a JVM of its own, with a gateway that can be told where to hang. */
final class UpToSignal {
    private UpToSignal() {}

    /** The stage at which the gateway hangs, the repository, then the arguments of {@code up}. */
    public static void main(String[] arguments) {
        var hangsAt = arguments[0];
        System.setProperty("leasehold.repository", arguments[1]);
        var words = List.of(arguments).subList(2, arguments.length).toArray(String[]::new);
        System.exit(LeaseholdCommand.run(
                words,
                (settings, _) -> {
                    System.out.println("launched");
                    hang(hangsAt.equals("launch"));
                    return new HangingGateway(
                            api(Integer.parseInt(String.valueOf(settings.get("server.port")))), hangsAt);
                },
                System.in,
                System.out,
                System.err));
    }

    private static FakeManagementApi api(int port) {
        return FakeManagementApi.start(port)
                .when("GET /api/providers", "{\"data\": [{\"live\": true}]}")
                .when("GET /api/models", "{\"data\": [{\"id\": \"chat\", \"starter\": true}]}")
                .when("POST /api/deployments", new Answer(201, "{\"name\": \"chat\"}"))
                .when("GET /api/deployments", """
                        {"data": [{"name": "chat", "status": "SERVING", "task": "chat"}]}""");
    }

    private static void hang(boolean hangs) {
        try {
            if (hangs) {
                new CountDownLatch(1).await();
            }
        } catch (InterruptedException _) {
            throw new IllegalStateException("interrupted");
        }
    }

    private record HangingGateway(FakeManagementApi api, String hangsAt) implements Gateway {
        @Override
        public void startLeasing() {}

        @Override
        public void releaseAll() {
            System.out.println("releasing");
        }

        @Override
        public boolean allReleased() {
            return true;
        }

        @Override
        public List<String> billing() {
            return List.of();
        }

        @Override
        public void close() {
            System.out.println("closing");
            hang(hangsAt.equals("close"));
            api.close();
        }
    }
}
