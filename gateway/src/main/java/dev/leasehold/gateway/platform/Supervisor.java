package dev.leasehold.gateway.platform;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings database and agent back when they die, each time a little later. */
final class Supervisor {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
    private static final Duration CALM = Duration.ofMinutes(5);
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final Consumer<String> narrator;
    private final Thread thread;

    private Supervisor(@Nullable PostgresServer postgres, @Nullable AgentProcess agent, Consumer<String> narrator) {
        this.narrator = narrator;
        this.thread = Thread.ofVirtual().name("supervisor").unstarted(() -> run(postgres, agent));
    }

    static Supervisor watch(
            @Nullable PostgresServer postgres, @Nullable AgentProcess agent, Consumer<String> narrator) {
        var supervisor = new Supervisor(postgres, agent, narrator);
        supervisor.thread.start();
        return supervisor;
    }

    void end() throws InterruptedException {
        thread.interrupt();
        thread.join(END_MAX);
    }

    private void run(@Nullable PostgresServer postgres, @Nullable AgentProcess agent) {
        var database = new Charge("database", postgres == null ? () -> true : postgres::isAlive, () -> {
            if (postgres != null) {
                postgres.restart();
            }
        });
        var lender = new Charge("agent", agent == null ? () -> true : agent::isAlive, () -> {
            if (agent != null) {
                agent.start();
            }
        });
        try {
            while (true) {
                database.look();
                lender.look();
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Restart {
        void run() throws InterruptedException;
    }

    private interface Alive {
        boolean isIt();
    }

    private final class Charge {
        private final String name;
        private final Alive alive;
        private final Restart restart;
        private Duration pause = PAUSE_MIN;
        private long lastStart = System.nanoTime();

        Charge(String name, Alive alive, Restart restart) {
            this.name = name;
            this.alive = alive;
            this.restart = restart;
        }

        void look() throws InterruptedException {
            if (alive.isIt()) {
                return;
            }
            if (System.nanoTime() - lastStart > CALM.toNanos()) {
                pause = PAUSE_MIN;
            }
            narrator.accept(name + ": it died; starting it again in " + pause.toSeconds() + " s");
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
            lastStart = System.nanoTime();
            try {
                restart.run();
                narrator.accept(name + ": running again");
            } catch (PlatformException e) {
                narrator.accept(name + ": " + e.getMessage());
            }
        }
    }
}
