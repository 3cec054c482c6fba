package dev.leasehold.gateway.platform;

import java.time.Duration;

/** The agent that lends this machine: a process in its own session, taken over after we were killed. */
public final class AgentProcess {
    static final Duration STOP_MAX = Duration.ofSeconds(25);

    private final AgentSettings settings;
    private volatile ProcessMark process = new ProcessMark(0, 0);

    public AgentProcess(AgentSettings settings) {
        this.settings = settings;
    }

    /**
     * Takes over the agent that runs, or starts one. An agent that serves another address or has another price is
     * killed, which leaves its runners to the new one.
     */
    public void start() throws InterruptedException {
        for (var found : HomeProcesses.of(settings.home()).agents()) {
            if (!found.hasOption("--home", settings.agentHome().toString())) {
                continue;
            }
            if (settings.isOf(found)) {
                process = found.process();
                return;
            }
            found.process().end("KILL", STOP_MAX);
        }
        var started = Session.start(
                settings.home(), settings.command(), settings.home().log("agent"));
        process = ProcessMark.of(started.pid()).orElse(new ProcessMark(started.pid(), 0));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Asks it to end, which ends its runners first. */
    public void stop() throws InterruptedException {
        process.end("TERM", STOP_MAX);
    }

    public void stopNow() throws InterruptedException {
        process.signal("KILL");
    }
}
