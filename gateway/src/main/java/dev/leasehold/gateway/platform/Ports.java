package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Says whether a port can be listened on, and who has it. */
final class Ports {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private Ports() {}

    /**
     * Makes sure that a port is free.
     *
     * @throws PlatformException naming the port, its holder if that can be found, and the option to use
     */
    static void requireFree(String address, int port, String option) {
        try {
            listen(address, port);
        } catch (UnknownHostException e) {
            throw new PlatformException("'" + address + "' is no address. Give --address one of this machine.", e);
        } catch (IOException e) {
            throw new PlatformException(cannotListen(address, port, option, e), e);
        }
    }

    private static String cannotListen(String address, int port, String option, IOException why) {
        if (sockets(port).findAny().isEmpty()) {
            return "Port " + port + " of " + address + " cannot be listened on (" + why.getMessage()
                    + "). Choose another port with " + option + ", or another address with --address.";
        }
        return "Port " + port + " is already in use"
                + holder(port).map(name -> " by " + name).orElse("")
                + ". Stop that process, or choose another port with " + option + ".";
    }

    static boolean isFree(String address, int port) {
        try {
            listen(address, port);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void listen(String address, int port) throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        }
    }

    static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new PlatformException("No port is free on the loopback address: " + e.getMessage() + ".", e);
        }
    }

    /** The process that listens on a port, as {@code nginx (process 4711)}; nothing where it cannot be found. */
    static Optional<String> holder(int port) {
        return sockets(port).flatMap(socket -> owner(socket).stream()).findFirst();
    }

    /** The sockets that listen on a port, each as the link in its owner's list of files. */
    private static Stream<String> sockets(int port) {
        return TABLES.stream()
                .flatMap(table -> lines(table).stream())
                .map(line -> line.trim().split("\\s+", -1))
                .filter(field -> field.length > INODE && field[STATE].equals(LISTENING))
                .filter(field -> field[LOCAL].endsWith(String.format(Locale.ROOT, ":%04X", port)))
                .map(field -> "socket:[" + field[INODE] + "]");
    }

    private static Optional<String> owner(String socket) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> hasOpen(Path.of("/proc", Long.toString(pid), "fd"), socket))
                .findFirst()
                .map(pid -> name(pid) + " (process " + pid + ")");
    }

    private static boolean hasOpen(Path folder, String socket) {
        try (var files = Files.list(folder)) {
            return files.anyMatch(file -> pointsTo(file, socket));
        } catch (IOException | UncheckedIOException _) {
            return false;
        }
    }

    private static boolean pointsTo(Path file, String target) {
        try {
            return Files.readSymbolicLink(file).toString().equals(target);
        } catch (IOException _) {
            return false;
        }
    }

    private static String name(long pid) {
        var names = lines(Path.of("/proc", Long.toString(pid), "comm"));
        return names.isEmpty() ? "another process" : names.getFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }
}
