package dev.leasehold.gateway.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests one after the other from a few clients, until it is closed. */
final class Traffic implements AutoCloseable {
    private static final int CLIENTS = 3;

    private final Installation installation;
    private final String body;
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean goesOn = true;

    Traffic(Installation installation, String model) {
        this.installation = installation;
        this.body =
                "{\"model\":\"" + model + "\",\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
        for (int client = 0; client < CLIENTS; client++) {
            clients.add(Thread.ofVirtual().start(this::ask));
        }
    }

    private void ask() {
        try {
            while (goesOn) {
                var answer = installation.post("/v1/chat/completions", body);
                if (answer.statusCode() == 200) {
                    answered.incrementAndGet();
                } else {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
            }
        } catch (IOException e) {
            failures.add(e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until some more requests were answered, which proves that it is being served now. */
    void awaitMore() {
        int before = answered.get();
        Installation.await("more answers after " + failures, () -> answered.get() >= before + 2 * CLIENTS);
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        goesOn = false;
        try {
            for (var client : clients) {
                client.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
