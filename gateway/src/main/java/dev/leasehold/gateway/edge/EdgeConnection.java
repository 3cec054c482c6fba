package dev.leasehold.gateway.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Turns what arrives on one connection into exchanges, one after the other, each on a thread of its own once its body
 * is there. It goes on reading meanwhile: that is how a client that leaves is seen at once.
 */
final class EdgeConnection extends SimpleChannelInboundHandler<HttpObject> {
    /** What one read can bring of the next request before this one is answered. */
    private static final int EARLY_OBJECTS_MAX = 1024;

    /** What is read and forgotten of a refused body, so that its sender comes to read the refusal. */
    private static final long DISCARDED_BYTES_MAX = 256L << 20;

    private final EdgeServer server;
    private final Deque<HttpObject> early = new ArrayDeque<>();
    private @Nullable HttpRequest request;
    private @Nullable RequestBody body;
    private @Nullable NettyExchange exchange;
    private boolean refused;
    private long discardedBytes;
    private long waitsSince = System.nanoTime();

    EdgeConnection(EdgeServer server) {
        super(false);
        this.server = server;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!server.admits()) {
            refuse(context, EdgeRefusal.TOO_MANY_CONNECTIONS);
        }
        context.fireChannelActive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (exchange == null) {
            take(context, message);
            return;
        }
        early.add(message);
        context.channel().config().setAutoRead(false);
        if (early.size() > EARLY_OBJECTS_MAX) {
            var _ = context.close();
        }
    }

    private void take(ChannelHandlerContext context, HttpObject message) {
        try {
            if (refused) {
                discard(context, message);
            } else if (message.decoderResult().isFailure()) {
                refuse(context, refusalOf(message.decoderResult().cause()));
            } else {
                if (message instanceof HttpRequest head) {
                    begin(context, head);
                }
                if (message instanceof HttpContent content) {
                    add(context, content);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private static EdgeRefusal refusalOf(Throwable cause) {
        return cause instanceof TooLongFrameException ? EdgeRefusal.HEAD_TOO_LARGE : EdgeRefusal.MALFORMED;
    }

    private void begin(ChannelHandlerContext context, HttpRequest head) {
        var coming = new RequestBody(server.budget(), server.limits().bodyBytesMax());
        request = head;
        body = coming;
        var refusal =
                coming.expect(HttpUtil.getContentLength(head, HttpUtil.isTransferEncodingChunked(head) ? -1L : 0L));
        if (refusal.isPresent()) {
            refuse(context, refusal.get());
        } else if (HttpUtil.is100ContinueExpected(head)) {
            var _ = context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void add(ChannelHandlerContext context, HttpContent content) {
        var head = request;
        var coming = body;
        if (head == null || coming == null || refused) {
            return;
        }
        var refusal = coming.add(content.content());
        if (refusal.isPresent()) {
            refuse(context, refusal.get());
        } else if (content instanceof LastHttpContent) {
            answer(context, head, coming);
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest head, RequestBody whole) {
        var next = new NettyExchange(
                context.channel(),
                head,
                whole,
                server.nextRequestId(),
                server.limits().clientSilenceMax());
        request = null;
        body = null;
        exchange = next;
        server.start(next, () -> context.executor().execute(() -> end(context, next)));
    }

    /** The answer is sent; the next request may begin. */
    private void end(ChannelHandlerContext context, NettyExchange answered) {
        exchange = null;
        waitsSince = System.nanoTime();
        if (!answered.mayFollow()) {
            answered.closeAfterAnswer();
            return;
        }
        context.channel().config().setAutoRead(true);
        while (exchange == null && !early.isEmpty()) {
            take(context, early.remove());
        }
    }

    /** Answers with an error, and reads on for a while: a client that still sends would see a reset instead of it. */
    private void refuse(ChannelHandlerContext context, EdgeRefusal refusal) {
        refused = true;
        releaseBody();
        var json = Unpooled.wrappedBuffer(refusal.json().getBytes(UTF_8));
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status(), json);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, json.readableBytes())
                .set("x-request-id", server.nextRequestId())
                .set(HttpHeaderNames.CONNECTION, "close");
        if (refusal.helpsToRetry()) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        var sent = context.writeAndFlush(response);
        if (refusal != EdgeRefusal.BODY_TOO_LARGE && refusal != EdgeRefusal.NO_MEMORY) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void discard(ChannelHandlerContext context, HttpObject message) {
        if (message instanceof HttpContent content) {
            discardedBytes += content.content().readableBytes();
        }
        if (message instanceof LastHttpContent || discardedBytes > DISCARDED_BYTES_MAX) {
            var _ = context.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.clientGone();
        }
        releaseBody();
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        context.fireChannelInactive();
    }

    private void releaseBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    /** A client that sends its request byte by byte never falls silent, and is still too slow. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        long waited = System.nanoTime() - waitsSince;
        if (exchange == null && waited > server.limits().requestMax().toNanos()) {
            var _ = context.close();
        }
        context.fireChannelReadComplete();
    }

    /** Nothing was read for a while. While an answer is on its way that is as it should be. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent idle && exchange == null) {
            if (request != null && !refused) {
                refuse(context, EdgeRefusal.TOO_SLOW);
            } else if (refused || idle.state() == IdleState.ALL_IDLE) {
                var _ = context.close();
            }
        }
        context.fireUserEventTriggered(event);
    }

    /** A broken connection is the client's affair and not worth a line of log. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
