package dev.leasehold.deploy.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * A runner's output. The runner appends to the file itself, since it may outlive the agent, so the file is emptied in
 * place when it grows too large; positions count on as if it never was.
 */
record RunnerLog(Path folder) {
    static final long BYTES_MAX = 16L << 20;
    static final int PIECE_BYTES_MAX = 64 << 10;

    private static final int TAIL_LINES = 20;
    private static final int TAIL_BYTES_MAX = 8 << 10;
    private static final int CONTINUATION_BYTES_MAX = 3;

    /** Bytes from a position on. */
    record Piece(long offset, byte[] bytes) {
        long end() {
            return offset + bytes.length;
        }
    }

    Path file() {
        return folder.resolve("log");
    }

    /** What is there from this position on: at most one piece, not cut within a character. */
    Piece from(long position) throws IOException {
        var base = base();
        if (!Files.exists(file())) {
            return new Piece(Math.max(position, base), new byte[0]);
        }
        try (var channel = FileChannel.open(file(), StandardOpenOption.READ)) {
            var start = Math.clamp(position - base, 0, channel.size());
            var bytes = ByteBuffer.allocate((int) Math.min(PIECE_BYTES_MAX, channel.size() - start));
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
                // Reads on until it has what was there.
            }
            return new Piece(base + start, wholeCharacters(Arrays.copyOf(bytes.array(), bytes.position())));
        }
    }

    /** Where the last piece begins. */
    long lastPiece() throws IOException {
        return base() + (Files.exists(file()) ? Math.max(0, Files.size(file()) - PIECE_BYTES_MAX) : 0);
    }

    List<String> tail() {
        try {
            var size = Files.exists(file()) ? Files.size(file()) : 0;
            var bytes = from(base() + Math.max(0, size - TAIL_BYTES_MAX)).bytes();
            var lines = new String(bytes, UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of("The log cannot be read: " + e.getMessage());
        }
    }

    void keepSmall() throws IOException {
        if (!Files.exists(file()) || Files.size(file()) <= BYTES_MAX) {
            return;
        }
        var base = base();
        Files.copy(file(), folder.resolve("log.1"), StandardCopyOption.REPLACE_EXISTING);
        var copied = Files.size(folder.resolve("log.1"));
        DurableFiles.write(
                folder.resolve("log.base"), Long.toString(base + copied).getBytes(UTF_8));
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    private long base() throws IOException {
        var file = folder.resolve("log.base");
        return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
    }

    /** Holds back a character of which not all bytes are there, unless it is none. */
    private static byte[] wholeCharacters(byte[] bytes) {
        for (int back = 1; back <= Math.min(CONTINUATION_BYTES_MAX, bytes.length); back++) {
            var b = bytes[bytes.length - back] & 0xff;
            if (b < 0x80) {
                return bytes;
            }
            if (b >= 0xc0) {
                var wanted = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return wanted > back ? Arrays.copyOf(bytes, bytes.length - back) : bytes;
            }
        }
        return bytes;
    }
}
