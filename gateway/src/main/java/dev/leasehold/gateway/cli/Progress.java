package dev.leasehold.gateway.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Shows how deployments come up: on a terminal percentages count, in a pipe each stage is one line. */
final class Progress {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    /** A deployment may find no offer only because the agent registers a moment later. */
    private static final Duration OFFERS_COME_MAX = Duration.ofSeconds(5);

    /** So many looks in a row may fail: half a minute. */
    private static final int BLIND_MAX = 120;

    private static final Pattern NUMBERS = Pattern.compile("[0-9]+(\\.[0-9]+)?");

    private final ApiClient api;
    private final PrintStream out;
    private final boolean terminal;
    private final Map<String, String> told = new HashMap<>();
    private int blind;

    Progress(ApiClient api, PrintStream out) {
        this.api = api;
        this.out = out;
        this.terminal = Boolean.getBoolean("leasehold.terminal");
    }

    /** Waits until each of the named deployments serves or cannot, and gives the last look at them. */
    List<JsonNode> await(Collection<String> names, Duration atMost) throws InterruptedException {
        var begin = System.nanoTime();
        List<JsonNode> watched = List.of();
        while (true) {
            watched = look(names).orElse(watched);
            watched.forEach(this::tell);
            var waited = Duration.ofNanos(System.nanoTime() - begin);
            var mayServeYet = waited.compareTo(OFFERS_COME_MAX) < 0
                    ? watched.stream().anyMatch(deployment -> !Deployments.isServing(deployment))
                    : watched.stream().anyMatch(Deployments::isComingUp);
            if (!mayServeYet || waited.compareTo(atMost) > 0) {
                return watched;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    /** A database that is being started again costs us some looks, not the wait. */
    private Optional<List<JsonNode>> look(Collection<String> names) throws InterruptedException {
        try {
            var seen = Deployments.all(api).stream()
                    .filter(deployment -> names.contains(Deployments.text(deployment, "name")))
                    .toList();
            blind = 0;
            return Optional.of(seen);
        } catch (CommandException e) {
            if (!e.mayPass() || ++blind > BLIND_MAX) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void tell(JsonNode deployment) {
        var name = Deployments.text(deployment, "name");
        var stage = Deployments.stage(deployment);
        var known = terminal ? stage : NUMBERS.matcher(stage).replaceAll("");
        if (!known.equals(told.put(name, known))) {
            out.println(name + ": " + stage);
        }
    }
}
