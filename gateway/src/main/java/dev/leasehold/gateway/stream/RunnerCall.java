package dev.leasehold.gateway.stream;

import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.gateway.edge.ClientGoneException;
import java.io.IOException;

/** Asks one replica, and says what came of it. */
public final class RunnerCall {
    private final RunnerLinks links;

    public RunnerCall(RunnerLinks links) {
        this.links = links;
    }

    /** Asks and relays. Nothing is thrown for what a runner or a client does. */
    public Outcome ask(Target target, RunnerRequest request, ClientWatch client, Relay relay) {
        RunnerLink link;
        try {
            link = links.take(target);
        } catch (IOException e) {
            return new Outcome.Lost(why(e), false);
        }
        try {
            return ask(target, request, client, relay, link);
        } catch (ClientGoneException _) {
            return new Outcome.ClientGone();
        } catch (IOException e) {
            return client.isGone() ? new Outcome.ClientGone() : new Outcome.Lost(why(e), true);
        }
    }

    private static String why(IOException e) {
        var message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private Outcome ask(Target target, RunnerRequest request, ClientWatch client, Relay relay, RunnerLink link)
            throws IOException {
        client.guard(link);
        RunnerAnswer answer;
        try {
            answer = link.ask(request);
        } catch (IOException e) {
            link.close();
            if (!link.wasUsed() || client.isGone()) {
                throw e;
            }
            // It had rested, and the runner may have closed it before it saw this request.
            return ask(target, request, client, relay, links.dial(target));
        }
        try {
            var outcome = outcome(answer, relay);
            client.release();
            keep(target, link, answer);
            return outcome;
        } catch (IOException | RuntimeException e) {
            // This is what ends the work of a runner for a client that has left.
            link.close();
            throw e;
        }
    }

    private void keep(Target target, RunnerLink link, RunnerAnswer answer) {
        try {
            if (answer.finish()) {
                links.giveBack(target, link);
                return;
            }
        } catch (IOException _) {
            // The client has its answer; only the connection is of no more use.
        }
        link.close();
    }

    private static Outcome outcome(RunnerAnswer answer, Relay relay) throws IOException {
        if (answer.status() == 200) {
            return new Outcome.Complete(relay.relay(answer));
        }
        return new Outcome.Refused(answer.status(), answer.whole(), answer.header("retry-after"));
    }
}
