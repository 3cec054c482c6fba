package dev.leasehold.gateway.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Leasehold as its user has it: the launcher script and all the processes behind it, in a home of their own. */
final class Installation implements AutoCloseable {
    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path home;
    private final int port = freePort();
    private final int consolePort = freePort();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Process> started = new ArrayList<>();

    Installation(Path home) {
        this.home = home;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts everything, and waits until it is ready. */
    Process up(String... options) {
        var command = new ArrayList<>(List.of("up", "--port", "" + port, "--console-port", "" + consolePort));
        command.addAll(Arrays.asList(options));
        var up = start("up", command);
        await("ready", () -> {
            if (!up.isAlive()) {
                throw new AssertionError("up ended with " + up.exitValue() + ":\n" + said("up"));
            }
            return said("up").contains("Leasehold is ready.");
        });
        return up;
    }

    /** Starts a command, whose output goes into a file. */
    Process start(String name, List<String> arguments) {
        try {
            var command =
                    new ArrayList<>(List.of(REPOSITORY.resolve("leasehold").toString()));
            command.addAll(arguments);
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output(name).toFile());
            builder.environment().put("LEASEHOLD_HOME", home.toString());
            builder.environment().put("LEASEHOLD_NO_BUILD", "1");
            // However slow the machine of the test is.
            builder.environment().put("LEASEHOLD_DATA_REPLICA_WAIT_MAX", "2m");
            var process = builder.start();
            started.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path output(String name) {
        return home.resolveSibling(name + ".txt");
    }

    String said(String name) {
        try {
            return Files.readString(output(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end and gives its exit code. */
    int run(String name, String... arguments) throws InterruptedException {
        var process = start(name, List.of(arguments));
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("It did not end: leasehold " + String.join(" ", arguments));
        }
        return process.exitValue();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    String consoleUrl() {
        return "http://127.0.0.1:" + consolePort;
    }

    String key() {
        try {
            return Files.readString(home.resolve("key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path home() {
        return home;
    }

    /** Asks the OpenAI API. */
    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(
                request(url() + path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString(UTF_8));
    }

    HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(request(url).GET().build(), BodyHandlers.ofString(UTF_8));
    }

    private HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key())
                .header("Content-Type", "application/json");
    }

    /** What the management API says of a deployment. */
    JsonNode deployment(String name) {
        try {
            return JSON.readTree(get(consoleUrl() + "/api/deployments/" + name).body());
        } catch (IOException e) {
            return JSON.createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    boolean isServing(String name) {
        return deployment(name).path("status").asString("").equals("SERVING");
    }

    /** The processes of this home that run this main class or program. */
    List<ProcessHandle> processes(String program) {
        return ofHome().filter(process -> commandLine(process).contains(program))
                .toList();
    }

    List<ProcessHandle> allProcesses() {
        return ofHome().toList();
    }

    private Stream<ProcessHandle> ofHome() {
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process).contains(home.toString())
                        || commandLine(process).contains(home.toString()))
                .filter(process -> process.pid() != ProcessHandle.current().pid());
    }

    private static String environment(ProcessHandle process) {
        return proc(process, "environ");
    }

    static String commandLine(ProcessHandle process) {
        return proc(process, "cmdline");
    }

    private static String proc(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), file), ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not seen in time: " + what + ".");
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /** Kills whatever a failed test left. */
    @Override
    public void close() {
        http.close();
        started.forEach(Process::destroyForcibly);
        allProcesses().forEach(ProcessHandle::destroyForcibly);
    }
}
