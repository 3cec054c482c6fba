package dev.leasehold.deploy.agent;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** One line for each event, for whoever reads along. */
final class AgentLog {
    private final PrintStream out;
    private final Clock clock;
    private final String name;

    AgentLog(PrintStream out, Clock clock, String name) {
        this.out = out;
        this.clock = clock;
        this.name = name;
    }

    void line(String event) {
        out.println(clock.instant().truncatedTo(ChronoUnit.MILLIS) + " agent " + name + ": " + event);
    }
}
