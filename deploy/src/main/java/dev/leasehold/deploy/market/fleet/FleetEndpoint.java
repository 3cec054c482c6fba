package dev.leasehold.deploy.market.fleet;

import dev.leasehold.deploy.market.LeaseId;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Answers agents: docs/protocols/agent.md. Blocks while a heartbeat is held; call it on a virtual thread. */
public final class FleetEndpoint {
    /** Longer bodies are refused; the edge need not read further. */
    public static final int BODY_BYTES_MAX = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(FleetEndpoint.class);
    private static final int PIECE_BYTES_MAX = 64 << 10;
    private static final String BASE = "/agent/v1/";
    private static final Pattern LOG_PATH =
            Pattern.compile("leases/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/log(?:\\?(.*))?");
    private static final Pattern OFFSET = Pattern.compile("offset=([0-9]{1,18})");

    private final JoinToken token;
    private final AgentDesk desk;
    private final FleetLogs logs;
    private final Runnable databaseFailed;

    FleetEndpoint(JoinToken token, AgentDesk desk, FleetLogs logs, Runnable databaseFailed) {
        this.token = token;
        this.desk = desk;
        this.logs = logs;
        this.databaseFailed = databaseFailed;
    }

    /** Answers one request. Never throws for what an agent sent, nor for a database that is away. */
    public Answer handle(String method, String pathAndQuery, @Nullable String authorization, byte[] body) {
        try {
            token.require(authorization);
            return answer(method, pathAndQuery, body);
        } catch (Refusal refusal) {
            return Answer.refusal(refusal);
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("The database did not answer.", e);
            databaseFailed.run();
            return Answer.refusal(Refusal.unavailable("The gateway's database does not answer. Ask again."));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Answer.refusal(Refusal.unavailable("The gateway is stopping. Ask again."));
        }
    }

    private Answer answer(String method, String pathAndQuery, byte[] body) throws InterruptedException {
        if (!pathAndQuery.startsWith(BASE)) {
            throw unknownPath();
        }
        if (body.length > BODY_BYTES_MAX) {
            throw tooLarge(BODY_BYTES_MAX);
        }
        var path = pathAndQuery.substring(BASE.length());
        var log = LOG_PATH.matcher(path);
        if (!log.matches() && !Arrays.asList("register", "heartbeat", "leave").contains(path)) {
            throw unknownPath();
        }
        if (!method.equals("POST")) {
            throw Refusal.of(405, "method_not_allowed", "Only POST is answered here.");
        }
        return switch (path) {
            case "register" -> Answer.json(200, desk.register(AgentWire.read(body, AgentWire.Register.class)));
            case "heartbeat" -> Answer.json(200, desk.heartbeat(AgentWire.read(body, AgentWire.Heartbeat.class)));
            case "leave" -> leave(body);
            default -> piece(log, body);
        };
    }

    private Answer leave(byte[] body) {
        desk.leave(AgentWire.read(body, AgentWire.Leave.class));
        return Answer.empty(204);
    }

    private Answer piece(Matcher path, byte[] body) {
        if (body.length > PIECE_BYTES_MAX) {
            throw tooLarge(PIECE_BYTES_MAX);
        }
        var query = path.group(2);
        var offset = OFFSET.matcher(query == null ? "" : query);
        if (!offset.matches()) {
            throw Refusal.invalid("offset", "'offset' is missing or not a number of bytes.");
        }
        var lease = new LeaseId(UUID.fromString(path.group(1)));
        if (!logs.receive(lease, Long.parseLong(offset.group(1)), body)) {
            throw Refusal.of(410, "nobody_reads", "Nobody reads this log any more.");
        }
        return Answer.empty(204);
    }

    private static Refusal unknownPath() {
        return Refusal.of(404, "unknown_path", "There is no such path in version 1 of the agent protocol.");
    }

    private static Refusal tooLarge(int bytesMax) {
        return Refusal.of(413, "too_large", "The body has more than " + bytesMax + " bytes.");
    }
}
