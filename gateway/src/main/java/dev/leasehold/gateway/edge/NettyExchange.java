package dev.leasehold.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A request that came over a connection of ours. */
final class NettyExchange implements Exchange {
    private static final String REQUEST_ID = "x-request-id";

    private final Channel channel;
    private final HttpRequest request;
    private final RequestBody body;
    private final String requestId;
    private final Duration clientSilenceMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Runnable whenGone = () -> {};
    private boolean gone;
    private volatile boolean begun;
    private volatile boolean ended;

    NettyExchange(Channel channel, HttpRequest request, RequestBody body, String requestId, Duration clientSilenceMax) {
        this.channel = channel;
        this.request = request;
        this.body = body;
        this.requestId = requestId;
        this.clientSilenceMax = clientSilenceMax;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String path() {
        var uri = request.uri();
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    @Override
    public String query() {
        var uri = request.uri();
        int query = uri.indexOf('?');
        return query < 0 ? "" : uri.substring(query + 1);
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.headers().get(name));
    }

    @Override
    public byte[] body() {
        return body.bytes();
    }

    @Override
    public void answer(int status, Map<String, String> headers, byte[] content) throws ClientGoneException {
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(content));
        if (status != HttpResponseStatus.NO_CONTENT.code()) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        }
        write(head(response, headers));
        ended = true;
    }

    @Override
    public void begin(int status, Map<String, String> headers) throws ClientGoneException {
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        head(response, headers);
        boolean knowsChunks = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        if (knowsChunks && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        awaitReader();
        // Not flushed: it leaves together with the first piece.
        var _ = channel.write(response);
    }

    private HttpResponse head(HttpResponse response, Map<String, String> headers) {
        begun = true;
        headers.forEach((name, value) -> response.headers().set(name, value));
        response.headers().set(REQUEST_ID, requestId);
        if (!HttpUtil.isKeepAlive(request)) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    @Override
    public boolean hasBegun() {
        return begun;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) throws ClientGoneException {
        write(new DefaultHttpContent(Unpooled.copiedBuffer(bytes, offset, length)));
    }

    @Override
    public void end() {
        var _ = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        ended = true;
    }

    @Override
    public void cut() {
        ByteBuf nothing = Unpooled.EMPTY_BUFFER;
        channel.writeAndFlush(nothing).addListener(ChannelFutureListener.CLOSE);
    }

    private void write(Object message) throws ClientGoneException {
        awaitReader();
        var _ = channel.writeAndFlush(message);
    }

    /** Waits until the client has read enough of what was sent before. */
    private void awaitReader() throws ClientGoneException {
        lock.lock();
        try {
            long left = clientSilenceMax.toNanos();
            while (!gone && !channel.isWritable()) {
                if (left <= 0) {
                    var _ = channel.close();
                    throw new ClientGoneException("The client did not read its answer in time.");
                }
                left = changed.awaitNanos(left);
            }
            if (gone) {
                throw new ClientGoneException("The client left.");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException("The server stops.");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onGone(Runnable action) {
        lock.lock();
        try {
            whenGone = action;
            if (!gone) {
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** On the event loop: the client reads again. */
    void writable() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** On the event loop: the client has left. */
    void clientGone() {
        Runnable action;
        lock.lock();
        try {
            gone = true;
            changed.signalAll();
            action = whenGone;
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** On the request's thread, behind everything else: what nobody answered is cut. */
    void close() {
        body.release();
        onGone(() -> {});
        if (!ended) {
            cut();
        }
    }

    /** Whether another request may follow on this connection. */
    boolean mayFollow() {
        return ended && HttpUtil.isKeepAlive(request);
    }

    void closeAfterAnswer() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
