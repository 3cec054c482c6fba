package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.agent.AgentMessages.Heartbeat;
import dev.leasehold.deploy.agent.AgentMessages.Leave;
import dev.leasehold.deploy.agent.AgentMessages.Register;
import dev.leasehold.deploy.agent.AgentMessages.Registered;
import dev.leasehold.deploy.agent.AgentMessages.Wishes;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Asks the gateway on threads of its own, and brings the answers and all other news to the agent's one thread. */
final class Conversation {
    /** A gateway that takes requests and never answers gets no more of them than this. */
    private static final int OUTSTANDING_MAX = 8;

    private final GatewayClient gateway;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private final AtomicBoolean changeIsTold = new AtomicBoolean();
    private long newest;
    private int outstanding;

    Conversation(GatewayClient gateway) {
        this.gateway = gateway;
    }

    /** What the agent's thread waits for. */
    sealed interface News {
        /** A runner's state changed. */
        record Changed() implements News {}

        /** The agent shall end. */
        record EndWanted() implements News {}

        record Accepted(long request, Registered answer) implements News, Answer {}

        record Told(long request, Wishes answer) implements News, Answer {}

        record Failed(long request, GatewayException reason) implements News, Answer {}

        /** The agent itself cannot go on, whatever the gateway says. */
        record Broken(long request, AgentException reason) implements News, Answer {}
    }

    interface Answer {
        long request();
    }

    private interface Question {
        News ask(long request) throws GatewayException, InterruptedException;
    }

    /** Called from any thread. */
    void changed() {
        if (changeIsTold.compareAndSet(false, true)) {
            news.add(new News.Changed());
        }
    }

    /** Called from any thread. */
    void wantEnd() {
        news.add(new News.EndWanted());
    }

    void send(Register message) {
        ask(request -> new News.Accepted(request, gateway.register(message)));
    }

    void send(Heartbeat message) {
        ask(request -> new News.Told(request, gateway.heartbeat(message)));
    }

    void send(Leave message) throws GatewayException, InterruptedException {
        gateway.leave(message);
    }

    private void ask(Question question) {
        if (outstanding >= OUTSTANDING_MAX) {
            return; // The newest is still under way; its answer is followed by the next.
        }
        outstanding++;
        var request = ++newest;
        Thread.ofVirtual().name("gateway-" + request).start(() -> answer(request, question));
    }

    private void answer(long request, Question question) {
        try {
            news.add(question.ask(request));
        } catch (GatewayException e) {
            news.add(new News.Failed(request, e));
        } catch (AgentException e) {
            news.add(new News.Broken(request, e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next news within this time, if any. Answers to all but the newest request are overtaken and left out. */
    @Nullable
    News next(long nanosMax) throws InterruptedException {
        var end = System.nanoTime() + nanosMax;
        while (true) {
            var next = news.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (next instanceof News.Changed) {
                changeIsTold.set(false);
            }
            if (!(next instanceof Answer answer)) {
                return next;
            }
            outstanding--;
            if (answer.request() == newest) {
                return next;
            }
        }
    }
}
