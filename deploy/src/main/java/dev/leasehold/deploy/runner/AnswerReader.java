package dev.leasehold.deploy.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads HTTP/1.1 answers, each within limits. */
final class AnswerReader {
    private static final int LINE_BYTES_MAX = 8 << 10;
    private static final int HEADERS_MAX = 64;
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int HEX = 16;

    private final InputStream in;

    /** @param in is read byte by byte and should be buffered */
    AnswerReader(InputStream in) {
        this.in = in;
    }

    Answer read(boolean hasBody) throws IOException {
        var statusLine = line();
        if (!statusLine.matches("HTTP/1\\.[01] \\d{3}.*")) {
            throw new IOException("That is no HTTP answer.");
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        var headers = headers();
        return new Answer(status, headers, hasBody ? body(headers) : new byte[0]);
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        int count = 0;
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || ++count > HEADERS_MAX) {
                throw new IOException("The answer has bad or too many headers.");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return Map.copyOf(headers);
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.getOrDefault("transfer-encoding", ""))) {
            return chunks();
        }
        return piece(number(headers.getOrDefault("content-length", "0"), 10), 0);
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = number(line(), HEX); size > 0; size = number(line(), HEX)) {
            body.write(piece(size, body.size()));
            line();
        }
        while (!line().isEmpty()) {
            // Trailers say nothing to us.
        }
        return body.toByteArray();
    }

    private byte[] piece(int length, int before) throws IOException {
        if (length < 0 || length > BODY_BYTES_MAX - before) {
            throw new IOException("The answer is longer than " + BODY_BYTES_MAX + " bytes.");
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The answer ends too early.");
        }
        return bytes;
    }

    private static int number(String text, int radix) throws IOException {
        try {
            return Integer.parseInt(text.strip(), radix);
        } catch (NumberFormatException e) {
            throw new IOException("The answer has a bad length.", e);
        }
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The connection was closed.");
            }
            if (line.size() >= LINE_BYTES_MAX) {
                throw new IOException("The answer has a line of more than " + LINE_BYTES_MAX + " bytes.");
            }
            line.write(next);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }
}
