package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Home;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Deploys the starter models, each once in the life of an installation: what its user removed stays removed. */
final class Starters {
    private static final Duration PROVIDER_MAX = Duration.ofSeconds(20);
    private static final Duration UP_MAX = Duration.ofMinutes(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Home home;
    private final ApiClient api;
    private final PrintStream out;

    Starters(Home home, ApiClient api, PrintStream out) {
        this.home = home;
        this.api = api;
        this.out = out;
    }

    /** Deploys what was never offered, waits for all deployments, and says whether nothing is missing. */
    boolean deploy() throws InterruptedException {
        awaitProvider();
        var refused = false;
        var there = names();
        for (var model : Deployments.list(api.get("/api/models"))) {
            var id = Deployments.text(model, "id");
            if (model.path("starter").asBoolean(false) && !offered().contains(id)) {
                refused |= !(there.contains(id) ? keepInMind(id) : deploy(id));
            }
        }
        return awaitAll() && !refused;
    }

    /** Waits for the deployments that there are, and says whether all of them serve. */
    boolean awaitAll() throws InterruptedException {
        return new Progress(api, out).await(names(), UP_MAX).stream().allMatch(Deployments::isServing);
    }

    private Set<String> names() throws InterruptedException {
        return Deployments.all(api).stream()
                .map(deployment -> Deployments.text(deployment, "name"))
                .collect(Collectors.toSet());
    }

    /** The agent needs a moment to register; before, every model would be refused for want of an offer. */
    private void awaitProvider() throws InterruptedException {
        var end = System.nanoTime() + PROVIDER_MAX.toNanos();
        while (!isProviderLive()) {
            if (System.nanoTime() - end > 0) {
                out.println("agent: has not registered yet; " + home.log("agent") + " may say why");
                return;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    /** Those of earlier times are listed, too. */
    private boolean isProviderLive() throws InterruptedException {
        return Deployments.list(api.get("/api/providers")).stream()
                .anyMatch(provider -> provider.path("live").asBoolean(false));
    }

    private boolean deploy(String model) throws InterruptedException {
        try {
            api.post("/api/deployments", Map.of("model", model));
            return keepInMind(model);
        } catch (CommandException e) {
            out.println(model + ": " + e.getMessage());
            return false;
        }
    }

    private boolean keepInMind(String model) {
        try {
            Files.writeString(home.offered(), model + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return true;
        } catch (IOException e) {
            throw CommandException.failed("The file " + home.offered() + " cannot be written: " + e.getMessage() + ".");
        }
    }

    private Set<String> offered() {
        try {
            return Files.exists(home.offered()) ? Set.copyOf(Files.readAllLines(home.offered())) : Set.of();
        } catch (IOException e) {
            throw CommandException.failed("The file " + home.offered() + " cannot be read: " + e.getMessage() + ".");
        }
    }
}
