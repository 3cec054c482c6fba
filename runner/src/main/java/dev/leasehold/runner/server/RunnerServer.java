package dev.leasehold.runner.server;

import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.runner.serving.ModelLoader;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;

/** The runner's port: HTTP/1.1 over TLS. It listens before a model is there. */
public final class RunnerServer implements AutoCloseable {
    private static final int LOOP_THREADS = 2;
    private static final int ACCEPT_BACKLOG = 256;
    private static final int LINE_BYTES_MAX = 4096;
    private static final int HEADER_BYTES_MAX = 16 << 10;
    private static final int CHUNK_BYTES_MAX = 64 << 10;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 << 10, 128 << 10);

    private final ServerLimits limits;
    private final ModelHost host;
    private final Router router;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(LOOP_THREADS, NioIoHandler.newFactory());
    private final AtomicInteger connections = new AtomicInteger();
    private final Channel listening;

    /** What a server is made of. */
    public record Parts(
            Identity identity,
            ArtifactStore store,
            ModelLoader loader,
            int threads,
            String version,
            Clock clock,
            RandomGenerator random) {}

    /** Listens from here on. */
    public RunnerServer(InetSocketAddress address, Parts parts) throws IOException {
        this(address, parts, ServerLimits.DEFAULT);
    }

    RunnerServer(InetSocketAddress address, Parts parts, ServerLimits limits) throws IOException {
        this.limits = limits;
        this.host = new ModelHost(parts.loader(), parts.threads());
        this.router = new Router(parts, host, limits);
        this.listening = listen(address, sslContext(parts.identity()));
    }

    private static SslContext sslContext(Identity identity) throws SSLException {
        return SslContextBuilder.forServer(identity.key(), identity.certificate())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    private Channel listen(InetSocketAddress address, SslContext ssl) throws IOException {
        var threads = Thread.ofVirtual().name("request-", 0).factory();
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (connections.incrementAndGet() > limits.connectionsMax()) {
                            var _ = channel.close();
                        }
                        channel.closeFuture().addListener(_ -> connections.decrementAndGet());
                        channel.pipeline()
                                .addLast(ssl.newHandler(channel.alloc()))
                                .addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, CHUNK_BYTES_MAX))
                                .addLast(new IdleStateHandler(
                                        0, 0, limits.idleMax().toMillis(), TimeUnit.MILLISECONDS))
                                .addLast(new Connection(limits, router::serve, threads));
                    }
                });
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new IOException(
                    "Cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Takes no more requests, lets running answers end for a while, and closes. */
    @Override
    public void close() {
        host.stop();
        router.awaitIdle();
        listening.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        host.close();
    }
}
