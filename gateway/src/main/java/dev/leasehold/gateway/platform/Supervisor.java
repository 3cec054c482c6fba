package dev.leasehold.gateway.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings database and agent back when they die, each time a little later, and neither waits for the other. */
final class Supervisor {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
    private static final Duration CALM = Duration.ofMinutes(5);

    private final Consumer<String> narrator;
    private final List<Thread> threads = new ArrayList<>();

    private Supervisor(Consumer<String> narrator) {
        this.narrator = narrator;
    }

    static Supervisor watch(
            @Nullable PostgresServer postgres, @Nullable AgentProcess agent, Consumer<String> narrator) {
        var supervisor = new Supervisor(narrator);
        if (postgres != null) {
            supervisor.watch(supervisor.new Charge("database", postgres::isAlive, postgres::restart));
        }
        if (agent != null) {
            supervisor.watch(supervisor.new Charge("agent", agent::isAlive, agent::start));
        }
        return supervisor;
    }

    /** Starts nothing any more, and waits so long for what is just being started. */
    void end(Duration patience) throws InterruptedException {
        threads.forEach(Thread::interrupt);
        for (var thread : threads) {
            thread.join(patience);
        }
    }

    private void watch(Charge charge) {
        threads.add(Thread.ofVirtual().name("supervisor of the " + charge.name).start(charge::watch));
    }

    private interface Restart {
        void run() throws InterruptedException;
    }

    private final class Charge {
        private final String name;
        private final BooleanSupplier alive;
        private final Restart restart;
        private Duration pause = PAUSE_MIN;
        private long lastStart = System.nanoTime();

        Charge(String name, BooleanSupplier alive, Restart restart) {
            this.name = name;
            this.alive = alive;
            this.restart = restart;
        }

        void watch() {
            try {
                while (true) {
                    if (!alive.getAsBoolean()) {
                        bringBack();
                    }
                    TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void bringBack() throws InterruptedException {
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
            } catch (RuntimeException e) {
                narrator.accept(name + ": " + e.getMessage());
            }
        }
    }
}
