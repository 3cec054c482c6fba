package dev.leasehold.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A line to a server of this machine. It can be cut, go silent, and come back. */
public final class Line implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final ServerSocket listening;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;
    private volatile CountDownLatch silence = new CountDownLatch(0);

    public Line(int serverPort) {
        this.serverPort = serverPort;
        try {
            listening = new ServerSocket();
            listening.bind(new InetSocketAddress(LOOPBACK, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Where the server is found, over the line. */
    public int port() {
        return listening.getLocalPort();
    }

    /** As if the server had died: connections break, new ones do, too. */
    public void cut() {
        isCut = true;
        sockets.forEach(Line::close);
    }

    /** As if the server had been stopped: what is sent arrives nowhere, and nothing breaks. */
    public void fallSilent() {
        silence = new CountDownLatch(1);
    }

    public void comeBack() {
        isCut = false;
        silence.countDown();
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> join(client));
            }
        } catch (IOException _) {
            // The line was closed: the test is over.
        }
    }

    private void join(Socket client) {
        try (client;
                var upstream = isCut ? null : new Socket(LOOPBACK, serverPort)) {
            if (upstream != null) {
                sockets.add(upstream);
                var back = Thread.ofVirtual().start(() -> copy(upstream, client));
                copy(client, upstream);
                back.join();
            }
        } catch (IOException _) {
            // One of the two has left; both are closed.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            var buffer = new byte[8192];
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                silence.await();
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException _) {
            // Likewise.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        silence.countDown();
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(Line::close);
    }
}
