package dev.leasehold.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.gateway.edge.ClientGoneException;
import dev.leasehold.gateway.edge.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A client that keeps what it gets, and leaves when it is told to. */
public final class FakeExchange implements Exchange {
    /** How an answer ended. */
    public enum End {
        NONE,
        COMPLETE,
        CUT
    }

    private final Map<String, String> requestHeaders = new TreeMap<>();
    private final String method;
    private final String path;
    private final byte[] body;
    private final List<String> pieces = new ArrayList<>();
    private Map<String, String> headers = Map.of();
    private int status;
    private End end = End.NONE;
    private boolean gone;
    private int leavesAfterPieces = Integer.MAX_VALUE;
    private Runnable whenGone = () -> {};

    public FakeExchange(String method, String path, String body) {
        this.method = method;
        this.path = path;
        this.body = body.getBytes(UTF_8);
    }

    public FakeExchange with(String header, String value) {
        requestHeaders.put(header, value);
        return this;
    }

    public FakeExchange leavingAfter(int piecesCount) {
        leavesAfterPieces = piecesCount;
        return this;
    }

    public void leave() {
        Runnable action;
        synchronized (this) {
            gone = true;
            action = whenGone;
        }
        action.run();
    }

    @Override
    public String requestId() {
        return "req_1";
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String query() {
        return "";
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(requestHeaders.get(name));
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public void answer(int answerStatus, Map<String, String> answerHeaders, byte[] content) throws ClientGoneException {
        begin(answerStatus, answerHeaders);
        send(content, 0, content.length);
        end();
    }

    @Override
    public synchronized void begin(int answerStatus, Map<String, String> answerHeaders) throws ClientGoneException {
        requireThere();
        status = answerStatus;
        headers = answerHeaders;
    }

    @Override
    public synchronized boolean hasBegun() {
        return status != 0;
    }

    @Override
    public synchronized void send(byte[] bytes, int offset, int length) throws ClientGoneException {
        gone |= pieces.size() >= leavesAfterPieces;
        requireThere();
        pieces.add(new String(bytes, offset, length, UTF_8));
        notifyAll();
    }

    private void requireThere() throws ClientGoneException {
        if (gone) {
            throw new ClientGoneException("The client left.");
        }
    }

    @Override
    public synchronized void end() {
        end = End.COMPLETE;
    }

    @Override
    public synchronized void cut() {
        end = End.CUT;
    }

    @Override
    public void onGone(Runnable action) {
        boolean at;
        synchronized (this) {
            whenGone = action;
            at = gone;
        }
        if (at) {
            action.run();
        }
    }

    public synchronized int status() {
        return status;
    }

    public synchronized Map<String, String> headers() {
        return headers;
    }

    public synchronized String text() {
        return String.join("", pieces);
    }

    /** What was sent at a time. */
    public synchronized List<String> pieces() {
        return List.copyOf(pieces);
    }

    public synchronized End how() {
        return end;
    }
}
