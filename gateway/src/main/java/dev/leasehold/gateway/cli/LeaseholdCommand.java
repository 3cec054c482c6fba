package dev.leasehold.gateway.cli;

import dev.leasehold.gateway.platform.GatewayLauncher;
import dev.leasehold.gateway.platform.PlatformException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code leasehold} command with all that is under it. */
@Command(
        name = "leasehold",
        description = "Hosts open AI models on leased capacity, behind one OpenAI-style endpoint.",
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Begin with ./leasehold up, then:",
            "  ./leasehold status",
            "  ./leasehold chat starter-chat",
            "",
            "Exit codes: 0 ok, 1 failed, 2 usage, 3 not running.",
            "Environment: LEASEHOLD_HOME, and to reach one that runs elsewhere LEASEHOLD_API_KEY,",
            "LEASEHOLD_API_URL and LEASEHOLD_CONSOLE_URL."
        })
public final class LeaseholdCommand {
    private LeaseholdCommand() {}

    /** Runs the command and gives its exit code. */
    public static int run(
            String[] arguments, GatewayLauncher launcher, InputStream in, PrintStream out, PrintStream err) {
        return commandLine(launcher, in, out, err).execute(arguments);
    }

    static CommandLine commandLine(GatewayLauncher launcher, InputStream in, PrintStream out, PrintStream err) {
        var keys = new CommandLine(new Keys())
                .addSubcommand(new Keys.Create(out))
                .addSubcommand(new Keys.Ls(out))
                .addSubcommand(new Keys.Revoke(out));
        var command = new CommandLine(new LeaseholdCommand())
                .addSubcommand(new Up(out, launcher))
                .addSubcommand(new Down(out))
                .addSubcommand(new Status(out))
                .addSubcommand(new Models(out))
                .addSubcommand(new Deploy(out))
                .addSubcommand(new Ls(out))
                .addSubcommand(new Logs(out))
                .addSubcommand(new Rm(out))
                .addSubcommand(new Chat(in, out))
                .addSubcommand(keys)
                .addSubcommand(new Agent());
        withHelp(command);
        return command.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler((failure, line, _) -> tell(failure, line, err));
    }

    private static void withHelp(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true).version("leasehold 0.1.0");
        command.getSubcommands().values().forEach(LeaseholdCommand::withHelp);
    }

    private static int tell(Exception failure, CommandLine line, PrintStream err) {
        return switch (failure) {
            case CommandException known -> {
                err.println(known.getMessage());
                yield known.exitCode();
            }
            case PlatformException known -> {
                err.println(known.getMessage());
                yield ExitCode.FAILED;
            }
            case InterruptedException _ -> ExitCode.FAILED;
            default -> {
                err.println("leasehold " + line.getCommandName() + " failed unexpectedly: " + failure + ". "
                        + keep(failure, line));
                yield ExitCode.FAILED;
            }
        };
    }

    /** Keeps a stack trace for whoever mends it, out of the user's sight. */
    private static String keep(Exception failure, CommandLine line) {
        var home = (line.getMixins().get("home") instanceof HomeOption option ? option : new HomeOption()).home();
        var log = home.log("leasehold");
        if (!Files.isDirectory(home.root())) {
            return "";
        }
        try {
            var trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            Files.createDirectories(log.getParent());
            Files.writeString(log, trace.toString(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return "More is in " + log + ".";
        } catch (IOException _) {
            return "";
        }
    }
}
