package dev.leasehold.runner.server;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns what arrives on one connection into exchanges, each on a virtual thread of its own, one after the other. */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    /** What one read can bring of the next request while the last one's answer is just being ended. */
    private static final int EARLY_OBJECTS_MAX = 1024;

    private final ServerLimits limits;
    private final Consumer<Exchange> requests;
    private final ThreadFactory threads;
    private final Deque<HttpObject> early = new ArrayDeque<>();
    private @Nullable Exchange exchange;

    Connection(ServerLimits limits, Consumer<Exchange> requests, ThreadFactory threads) {
        super(false);
        this.limits = limits;
        this.requests = requests;
        this.threads = threads;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        var current = exchange;
        if (current != null && (message instanceof HttpRequest || !early.isEmpty())) {
            early.add(message);
            context.channel().config().setAutoRead(false);
            if (early.size() > EARLY_OBJECTS_MAX) {
                var _ = context.close();
            }
            return;
        }
        take(context, message);
    }

    private void take(ChannelHandlerContext context, HttpObject message) {
        try {
            if (message.decoderResult().isFailure()) {
                refuseMalformed(context);
                return;
            }
            if (message instanceof HttpRequest request) {
                begin(context, request);
            }
            if (message instanceof HttpContent content && exchange != null) {
                var bytes = new byte[content.content().readableBytes()];
                content.content().readBytes(bytes);
                exchange.body().put(bytes);
                if (content instanceof LastHttpContent) {
                    exchange.body().complete();
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        var next = new Exchange(context.channel(), request, limits);
        exchange = next;
        if (!HttpUtil.isTransferEncodingChunked(request) && HttpUtil.getContentLength(request, 0L) == 0) {
            // Known before its end comes by: else an answer that is quick would take the body for one still to come.
            next.body().complete();
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            var _ = context.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        threads.newThread(() -> {
                    requests.accept(next);
                    context.executor().execute(() -> end(context));
                })
                .start();
    }

    /** The answer is sent; the next request may begin. */
    private void end(ChannelHandlerContext context) {
        exchange = null;
        context.channel().config().setAutoRead(true);
        while (!early.isEmpty() && (exchange == null || !(early.peek() instanceof HttpRequest))) {
            take(context, early.remove());
        }
    }

    private static void refuseMalformed(ChannelHandlerContext context) {
        context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        notifyExchange(false);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        notifyExchange(true);
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        context.fireChannelInactive();
    }

    private void notifyExchange(boolean isGone) {
        if (exchange != null) {
            exchange.connectionChanged(isGone);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && exchange == null) {
            var _ = context.close();
        }
        context.fireUserEventTriggered(event);
    }

    /** A broken connection, such as a failed handshake, is the client's affair and not worth a line of log. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
