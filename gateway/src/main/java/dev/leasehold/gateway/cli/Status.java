package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.Instance;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code leasehold status}. */
@Command(
        name = "status",
        description = "Shows whether Leasehold is ready, where it is, and what it serves.",
        footer = {
            "",
            "Examples:",
            "  ./leasehold status",
            "  curl -H \"Authorization: Bearer $$(cat .leasehold/key)\" \\",
            "    $$(./leasehold status --json | jq -r .api_url)/v1/models",
            "",
            "Exit codes: 0 ready, 1 failed, 3 not running or not ready yet."
        })
final class Status implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean asJson;

    Status(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var api = ApiClient.of(home.home());
        var running = true;
        List<JsonNode> deployments = List.of();
        try {
            deployments = Deployments.all(api);
        } catch (CommandException e) {
            if (e.exitCode() != ExitCode.NOT_RUNNING) {
                throw failed(api, e);
            }
            running = false;
        }
        var ready = running && hasComeUp(deployments);
        if (asJson) {
            printJson(api, ready, deployments);
        } else {
            print(api, running, ready, deployments);
        }
        return ready ? ExitCode.OK : ExitCode.NOT_RUNNING;
    }

    /** Who wants JSON gets JSON, whatever goes wrong. */
    private CommandException failed(ApiClient api, CommandException why) {
        if (asJson) {
            printJson(api, false, List.of());
        }
        return why;
    }

    private boolean hasComeUp(List<JsonNode> deployments) {
        return Instance.of(home.home())
                .filter(Instance::isRunning)
                .map(Instance::ready)
                .orElseGet(() -> deployments.stream().noneMatch(Deployments::isComingUp));
    }

    private void printJson(ApiClient api, boolean ready, List<JsonNode> deployments) {
        var status = new LinkedHashMap<String, Object>();
        status.put("ready", ready);
        status.put("api_url", api.apiUrl());
        status.put("console_url", api.consoleUrl());
        status.put("api_key", api.key());
        status.put("deployments", deployments);
        var json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        out.println(json.writeValueAsString(status));
    }

    private void print(ApiClient api, boolean running, boolean ready, List<JsonNode> deployments) {
        if (!running) {
            out.println("Leasehold is not running. Start it with ./leasehold up.");
            return;
        }
        out.println(ready ? "Leasehold is ready." : "Leasehold is starting.");
        out.println("  API      " + api.apiUrl() + "/v1");
        out.println("  Console  " + api.consoleUrl());
        out.println("  Key      " + home.home().key());
        if (!deployments.isEmpty()) {
            out.println();
            out.print(Deployments.table(deployments));
        }
    }
}
