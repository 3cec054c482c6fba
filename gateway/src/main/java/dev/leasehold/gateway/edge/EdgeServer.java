package dev.leasehold.gateway.edge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data plane's port: HTTP/1.1, Netty in front and one virtual thread a request behind. */
public final class EdgeServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EdgeServer.class);
    private static final int ACCEPT_BACKLOG = 1024;
    private static final int CHUNK_BYTES_MAX = 64 << 10;
    private static final int URI_BYTES_MAX = 8 << 10;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 << 10, 128 << 10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final EdgeLimits limits;
    private final Consumer<Exchange> requests;
    private final Supplier<String> requestIds;
    private final BodyBudget budget;
    private final ThreadFactory threads = Thread.ofVirtual().name("request-", 0).factory();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final EventLoopGroup loops;
    private final Channel listening;

    /**
     * Listens from here on.
     *
     * @param requests answers one request on the calling thread, whatever happens
     * @throws IOException if the address cannot be had
     */
    public EdgeServer(
            InetSocketAddress address, EdgeLimits limits, Consumer<Exchange> requests, Supplier<String> requestIds)
            throws IOException {
        this.limits = limits;
        this.requests = requests;
        this.requestIds = requestIds;
        this.budget = new BodyBudget(limits.bodiesBytesMax());
        int loopThreads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.loops = new MultiThreadIoEventLoopGroup(loopThreads, ioHandlers());
        this.listening = listen(address);
    }

    private static IoHandlerFactory ioHandlers() {
        return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    private static Class<? extends ServerChannel> channels() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    private Channel listen(InetSocketAddress address) throws IOException {
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(channels())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new Connections())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new IOException(
                    "Cannot listen on " + address + ": " + bound.cause().getMessage() + ".", bound.cause());
        }
        return bound.channel();
    }

    private final class Connections extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            connections.incrementAndGet();
            channel.closeFuture().addListener(_ -> connections.decrementAndGet());
            var decoding = new HttpDecoderConfig()
                    .setMaxInitialLineLength(URI_BYTES_MAX)
                    .setMaxHeaderSize(limits.headBytesMax())
                    .setMaxChunkSize(CHUNK_BYTES_MAX);
            channel.pipeline()
                    .addLast(new HttpServerCodec(decoding))
                    .addLast(new IdleStateHandler(
                            limits.clientSilenceMax().toMillis(),
                            0,
                            limits.idleMax().toMillis(),
                            TimeUnit.MILLISECONDS))
                    .addLast(new EdgeConnection(EdgeServer.this));
        }
    }

    EdgeLimits limits() {
        return limits;
    }

    BodyBudget budget() {
        return budget;
    }

    String nextRequestId() {
        return requestIds.get();
    }

    /** Whether the newest connection may stay. */
    boolean admits() {
        return connections.get() <= limits.connectionsMax();
    }

    void start(NettyExchange exchange, Runnable whenAnswered) {
        running.incrementAndGet();
        threads.newThread(() -> {
                    try {
                        requests.accept(exchange);
                    } catch (RuntimeException e) {
                        log.error("Request {} failed unexpectedly.", exchange.requestId(), e);
                    } finally {
                        exchange.close();
                        running.decrementAndGet();
                        whenAnswered.run();
                    }
                })
                .start();
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** How many requests are being answered. */
    public int running() {
        return running.get();
    }

    /** Takes no more connections, and waits for the answers that are on their way. */
    public void drain(Duration max) throws InterruptedException {
        listening.close().awaitUninterruptibly();
        long end = System.nanoTime() + max.toNanos();
        while (running.get() > 0 && System.nanoTime() - end < 0) {
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
