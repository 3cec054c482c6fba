package dev.leasehold.gateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A chat request of the page, answered through the servlet container. The answer is an event stream from the beginning,
 * and a refusal is an event in it: thus comments can be sent while there is nothing to say, and only by them does the
 * container notice that the browser has left. An answer without {@code [DONE]} is not complete.
 */
final class ServletExchange implements Exchange, AutoCloseable {
    /** The second one after the browser has left fails, at the latest. */
    private static final Duration BEAT_EVERY = Duration.ofMillis(100);

    private static final byte[] BEAT = ":\n\n".getBytes(UTF_8);
    private static final byte[] BROKEN =
            "data: {\"error\":{\"message\":\"The answer broke off.\",\"type\":\"server_error\"}}\n\n".getBytes(UTF_8);
    private static final byte[] EVENT_END = "\n\n".getBytes(UTF_8);

    private final HttpServletResponse response;
    private final byte[] body;
    private final String requestId = "console-" + UUID.randomUUID();

    // The rest is guarded by the lock.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Runnable whenGone;
    private boolean hasBegun;
    private boolean hasEnded;
    private boolean isGone;
    private boolean isBetweenEvents = true;
    private byte last = '\n';
    private long sentNanos;

    private ServletExchange(HttpServletResponse response, byte[] body) {
        this.response = response;
        this.body = body;
    }

    /** Begins to answer. It must be closed on the same thread, after which nothing is sent any more. */
    static ServletExchange open(HttpServletResponse response, byte[] body) throws IOException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("text/event-stream");
        response.setCharacterEncoding(UTF_8);
        response.setHeader("Cache-Control", "no-store");
        response.flushBuffer();
        var exchange = new ServletExchange(response, body);
        Thread.ofVirtual().name("console-chat-beat").start(exchange::beat);
        return exchange;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return "/v1/chat/completions";
    }

    @Override
    public String query() {
        return "";
    }

    /** What the browser sent along is not for the relay, but for the form that the body has. */
    @Override
    public Optional<String> header(String name) {
        return name.equalsIgnoreCase("Content-Type") ? Optional.of("application/json") : Optional.empty();
    }

    @Override
    public byte[] body() {
        return body;
    }

    /** Sends the whole answer as one event: {@code {"error": ...}} is what the page looks for. */
    @Override
    public void answer(int status, Map<String, String> headers, byte[] content) throws ClientGoneException {
        var event = new StringBuilder();
        new String(content, UTF_8)
                .lines()
                .forEach(line -> event.append("data: ").append(line).append('\n'));
        var bytes = event.append('\n').toString().getBytes(UTF_8);
        begin(status, headers);
        send(bytes, 0, bytes.length);
        end();
    }

    @Override
    public void begin(int status, Map<String, String> headers) throws ClientGoneException {
        lock.lock();
        try {
            hasBegun = true;
            if (isGone) {
                throw gone();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasBegun() {
        lock.lock();
        try {
            return hasBegun;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(byte[] bytes, int offset, int length) throws ClientGoneException {
        lock.lock();
        try {
            if (isGone || hasEnded) {
                throw gone();
            }
            write(bytes, offset, length);
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[] bytes, int offset, int length) throws ClientGoneException {
        if (length == 0) {
            return;
        }
        try {
            response.getOutputStream().write(bytes, offset, length);
            response.flushBuffer();
        } catch (IOException _) {
            isGone = true;
            changed.signalAll();
            if (whenGone != null) {
                whenGone.run();
            }
            throw gone();
        }
        byte before = length > 1 ? bytes[offset + length - 2] : last;
        last = bytes[offset + length - 1];
        isBetweenEvents = last == '\n' && before == '\n';
        sentNanos = System.nanoTime();
    }

    @Override
    public void end() {
        lock.lock();
        try {
            hasEnded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The container cannot cut a connection quietly. An event that says so, and no {@code [DONE]}, say it as well. */
    @Override
    public void cut() {
        lock.lock();
        try {
            if (!hasEnded && !isGone) {
                if (!isBetweenEvents) {
                    write(EVENT_END, 0, EVENT_END.length);
                }
                write(BROKEN, 0, BROKEN.length);
            }
        } catch (ClientGoneException _) {
            // Then nobody can take it for complete.
        } finally {
            hasEnded = true;
            changed.signalAll();
            lock.unlock();
        }
    }

    @Override
    public void onGone(Runnable action) {
        lock.lock();
        try {
            whenGone = action;
            if (isGone) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the answer, as broken if it was not ended before. */
    @Override
    public void close() {
        cut();
    }

    private void beat() {
        lock.lock();
        try {
            long nanos = BEAT_EVERY.toNanos();
            while (!hasEnded && !isGone) {
                long left = nanos - (System.nanoTime() - sentNanos);
                if (left > 0 || !isBetweenEvents) {
                    var _ = changed.await(Math.max(left, nanos), TimeUnit.NANOSECONDS);
                } else {
                    write(BEAT, 0, BEAT.length);
                }
            }
        } catch (ClientGoneException _) {
            // Whoever is to know it has been told.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static ClientGoneException gone() {
        return new ClientGoneException("The page's reader has left.");
    }
}
