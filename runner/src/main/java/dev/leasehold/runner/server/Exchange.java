package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One request and its answer, for plain blocking code on the request's own thread. */
final class Exchange {
    private final Channel channel;
    private final HttpRequest request;
    private final ServerLimits limits;
    private final BodyStream body;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean gone;
    private boolean begun;

    Exchange(Channel channel, HttpRequest request, ServerLimits limits) {
        this.channel = channel;
        this.request = request;
        this.limits = limits;
        this.body = new BodyStream(channel, limits);
    }

    String method() {
        return request.method().name();
    }

    String path() {
        var uri = request.uri();
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    String header(String name) {
        var value = request.headers().get(name);
        return value == null ? "" : value;
    }

    BodyStream body() {
        return body;
    }

    /** The whole body, of at most the bytes that the limits allow. */
    byte[] bodyBytes() throws IOException {
        if (HttpUtil.getContentLength(request, 0L) > limits.bodyBytesMax()) {
            throw tooLarge();
        }
        var bytes = body.readNBytes((int) limits.bodyBytesMax() + 1);
        if (bytes.length > limits.bodyBytesMax()) {
            throw tooLarge();
        }
        return bytes;
    }

    private HttpFailure tooLarge() {
        return HttpFailure.of(
                413, "invalid_request_error", "The body is larger than " + limits.bodyBytesMax() + " bytes.");
    }

    /** Whether the client has closed the connection. */
    boolean isGone() {
        return gone;
    }

    /** Whether the answer's head was sent, so that a failure cannot have a status of its own any more. */
    boolean hasBegun() {
        return begun;
    }

    /** Sends a whole answer. */
    void answer(int status, String contentType, byte[] content, Map<String, String> headers) throws IOException {
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(content));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        if (content.length > 0) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        headers.forEach((name, value) -> response.headers().set(name, value));
        begin(response);
        send(response);
        finish();
    }

    /** Begins an answer of server-sent events. */
    void beginEvents() throws IOException {
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
        response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        begin(response);
        send(response);
    }

    private void begin(HttpResponse response) {
        begun = true;
        if (!mayFollow()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    /** Another request may follow only behind a body that was read to its end. */
    private boolean mayFollow() {
        return HttpUtil.isKeepAlive(request) && body.isComplete();
    }

    /** Sends a part of the answer; waits while the client reads too slowly, up to the limit. */
    void write(String text) throws IOException {
        send(new DefaultHttpContent(Unpooled.wrappedBuffer(text.getBytes(UTF_8))));
    }

    void endEvents() throws IOException {
        send(LastHttpContent.EMPTY_LAST_CONTENT);
        finish();
    }

    private void send(Object message) throws IOException {
        awaitWritable();
        var _ = channel.writeAndFlush(message);
    }

    private void finish() throws IOException {
        if (mayFollow()) {
            return;
        }
        try {
            // A client that still sends would meet a reset, and not read its answer.
            body.discard(limits.bodyBytesMax());
        } catch (HttpFailure _) {
            throw new ClientGoneException("The client neither ended its request nor left.");
        } finally {
            cut();
        }
    }

    /** Cuts the connection behind what was sent: the answer is not complete. */
    void cut() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void awaitWritable() throws IOException {
        lock.lock();
        try {
            long left = limits.clientSilenceMax().toNanos();
            while (!gone && !channel.isWritable()) {
                if (left <= 0) {
                    var _ = channel.close();
                    throw new ClientGoneException("The client did not read its answer in time.");
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException("The server stops.");
        } finally {
            lock.unlock();
        }
        if (gone) {
            throw new ClientGoneException("The client left.");
        }
    }

    /** On the event loop: the client reads again, or has left. */
    void connectionChanged(boolean isGone) {
        if (isGone) {
            gone = true;
            body.gone();
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
