package dev.leasehold.gateway.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold logs}. */
@Command(
        name = "logs",
        description = "Shows what the runners of a deployment log.",
        footer = {
            "",
            "Example: ./leasehold logs -f starter-chat",
            "The logs of gateway, database and agent are files in logs/ of the home.",
            "",
            "Exit codes: 0 ok, 1 failed, 3 not running."
        })
final class Logs implements Callable<Integer> {
    private final PrintStream out;

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is logged from now on.")
    private boolean follow;

    @Parameters(paramLabel = "NAME", description = "The deployment's name.")
    private String name = "";

    Logs(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var path = "/api/deployments/" + ApiClient.segment(name) + "/logs?follow=" + follow;
        try (var log = ApiClient.of(home.home()).open(path)) {
            var piece = new byte[8 << 10];
            for (var length = log.read(piece); length >= 0; length = log.read(piece)) {
                out.write(piece, 0, length);
                if (out.checkError()) {
                    return ExitCode.OK; // Whoever read, such as head, has seen enough.
                }
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw CommandException.failed("The log broke off: " + e.getMessage() + ".");
        }
    }
}
