package dev.leasehold.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** Sends requests as they are written, also such as no client library would send. */
public record RawHttp(int port) {
    private static final int SILENCE_MAX_MILLIS = 30_000;

    /** An answer; its header is as it came. */
    public record Answer(int status, String header, String body) {}

    /**
     * Sends one request, in HTTP/1.0, so that the answer is not in chunks.
     *
     * @param request such as {@code GET /}
     * @param headers such as {@code Host: localhost}, which is not sent by itself
     */
    public Answer send(String request, String body, List<String> headers) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(SILENCE_MAX_MILLIS);
            var content = body.getBytes(UTF_8);
            var head = new StringBuilder(request + " HTTP/1.0\r\n");
            headers.forEach(header -> head.append(header).append("\r\n"));
            head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
            socket.getOutputStream().write(head.toString().getBytes(UTF_8));
            socket.getOutputStream().write(content);
            return answer(new String(socket.getInputStream().readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer answer(String text) {
        int end = text.indexOf("\r\n\r\n");
        return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
    }
}
