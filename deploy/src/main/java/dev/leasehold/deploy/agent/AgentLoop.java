package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.agent.AgentMessages.Heartbeat;
import dev.leasehold.deploy.agent.AgentMessages.Leave;
import dev.leasehold.deploy.agent.AgentMessages.Reach;
import dev.leasehold.deploy.agent.AgentMessages.Register;
import dev.leasehold.deploy.agent.AgentMessages.Registered;
import dev.leasehold.deploy.agent.AgentMessages.Wishes;
import dev.leasehold.deploy.agent.Conversation.News;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The agent's one thread: tells the gateway what runs here, and makes what runs here what the gateway wants. */
final class AgentLoop {
    static final String VERSION = "0.1.0";

    private static final Duration CHECK_EVERY = Duration.ofMillis(500);
    private static final Duration REQUESTS_APART = Duration.ofMillis(20);
    private static final long WAIT_MS_MAX = 10_000;

    private final AgentSettings settings;
    private final AgentHome home;
    private final HostInventory host;
    private final Runners runners;
    private final Conversation conversation;
    private final LogSender logs;
    private final Backoff backoff;
    private final AgentLog log;
    private final UUID boot;

    private boolean registered;
    private boolean everRegistered;
    private boolean ending;
    private long heartbeatMs = 2_000;
    private long revision;
    private long askAtNanos;
    private boolean asked;
    private long heardAtNanos = System.nanoTime();
    private Optional<String> outage = Optional.empty();

    AgentLoop(AgentSettings settings, AgentHome home, AgentParts parts, AgentLog log, UUID boot) {
        this.settings = settings;
        this.home = home;
        this.host = parts.host();
        this.runners = parts.runners();
        this.conversation = parts.conversation();
        this.logs = parts.logs();
        this.backoff = parts.backoff();
        this.log = log;
        this.boot = boot;
    }

    /**
     * Runs until the agent is told to end and its runners have, or until nobody wanted to hear of them for too long.
     *
     * @throws AgentException if the gateway refuses this agent; its runners are left alone
     */
    void run() throws InterruptedException {
        runners.adopt();
        askAtNanos = System.nanoTime();
        while (!(ending && runners.allExited())) {
            if (!asked && askAtNanos - System.nanoTime() <= 0) {
                ask();
            }
            var wait = asked ? CHECK_EVERY.toNanos() : Math.max(0, askAtNanos - System.nanoTime());
            var news = conversation.next(Math.min(wait, CHECK_EVERY.toNanos()));
            if (news != null) {
                take(news);
            }
            endIfForgotten();
        }
        leave();
    }

    private void ask() {
        asked = true;
        if (registered) {
            conversation.send(new Heartbeat(
                    home.agent(), boot, host.memoryAvailableBytes(), revision, heartbeatMs, runners.reports()));
        } else {
            var reach = Reach.direct(Agent.BIND_ADDRESS);
            conversation.send(new Register(
                    AgentMessages.PROTOCOL,
                    home.agent(),
                    boot,
                    settings.name(),
                    VERSION,
                    settings.priceUsdPerHour(),
                    reach,
                    host.read()));
        }
    }

    private void askAgainAfter(Duration pause) {
        asked = false;
        askAtNanos = System.nanoTime() + pause.toNanos();
    }

    private void take(News news) throws InterruptedException {
        switch (news) {
            case News.Changed _ -> tellAtOnce();
            case News.EndWanted _ -> end();
            case News.Accepted accepted -> accepted(accepted.answer());
            case News.Told told -> told(told.answer());
            case News.Failed failed -> failed(failed.reason());
            case News.Broken broken -> broken(broken.reason());
        }
    }

    /** A heartbeat that is held already is overtaken; in an outage the change is told when it is over. */
    private void tellAtOnce() {
        if (registered && outage.isEmpty()) {
            askAgainAfter(REQUESTS_APART);
        }
    }

    private void end() {
        if (!ending) {
            ending = true;
            log.line("is told to end; its runners are stopped first.");
            runners.stopAll();
        }
    }

    private void accepted(Registered answer) {
        if (isOurs(answer.installation())) {
            heard();
            registered = true;
            everRegistered = true;
            heartbeatMs = Math.clamp(answer.heartbeatMs(), 100, WAIT_MS_MAX);
            log.line("joined " + settings.gateway() + " at "
                    + settings.priceUsdPerHour().toPlainString() + " USD an hour.");
            askAgainAfter(Duration.ZERO);
        }
    }

    private void told(Wishes answer) {
        if (isOurs(answer.installation())) {
            heard();
            if (!ending) {
                runners.apply(answer.leases());
                revision = answer.revision();
                logs.send(Optional.ofNullable(answer.logs()).orElse(List.of()), runners);
            }
            askAgainAfter(REQUESTS_APART);
        }
    }

    /** A host on which nothing runs may change hands; runners are not given to a database from elsewhere. */
    private boolean isOurs(UUID installation) {
        var known = home.installation();
        if (known.filter(installation::equals).isPresent()) {
            return true;
        }
        if (known.isEmpty() || runners.allExited()) {
            home.belongTo(installation);
            return true;
        }
        away("it is another installation now, with another database. Its orders are refused. Stop this agent, which"
                + " ends its runners, and start it again to join the new one");
        return false;
    }

    private void failed(GatewayException reason) {
        if (reason.is("superseded") || reason.is("other_installation")) {
            throw new AgentException("The gateway has no use for this agent: " + reason.message());
        }
        if (reason.is("unknown_agent")) {
            registered = false;
            askAgainAfter(REQUESTS_APART);
            return;
        }
        if (!reason.isAway() && !everRegistered) {
            throw new AgentException(
                    "The gateway at " + settings.gateway() + " refuses this agent: " + reason.message());
        }
        away(reason.message());
    }

    /** Such as a join token that cannot be read: at the start this is said and the agent ends. */
    private void broken(AgentException reason) {
        if (!everRegistered) {
            throw reason;
        }
        away(String.valueOf(reason.getMessage()));
    }

    private void away(String reason) {
        if (outage.isEmpty()) {
            outage = Optional.of(reason);
            log.line("the gateway at " + settings.gateway() + " cannot be used: " + reason + ". Runners go on; asking"
                    + " again.");
        }
        askAgainAfter(backoff.next());
    }

    private void heard() {
        if (outage.isPresent()) {
            log.line("the gateway at " + settings.gateway() + " answers again.");
        }
        outage = Optional.empty();
        backoff.reset();
        heardAtNanos = System.nanoTime();
    }

    private void endIfForgotten() {
        if (!ending && System.nanoTime() - heardAtNanos > settings.silenceMax().toNanos()) {
            log.line("the gateway was away for " + settings.silenceMax().toMinutes() + " minutes; giving up.");
            end();
        }
    }

    private void leave() throws InterruptedException {
        if (!registered) {
            return;
        }
        try {
            conversation.send(new Leave(home.agent(), boot));
            log.line("left.");
        } catch (GatewayException e) {
            log.line("left without the gateway's knowing: " + e.message());
        }
    }
}
