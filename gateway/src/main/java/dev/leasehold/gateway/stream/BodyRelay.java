package dev.leasehold.gateway.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.leasehold.gateway.edge.Exchange;
import java.io.IOException;
import java.util.HashMap;
import java.util.regex.Pattern;

/** Relays an answer that is one JSON object, piece by piece as it comes, such as that of embeddings. */
public final class BodyRelay implements Relay {
    private static final int PIECE_BYTES = 32 << 10;
    private static final int TAIL_BYTES = 512;

    /** Runners write the usage behind the vectors: the end of the answer is all that has to be read for it. */
    private static final Pattern USAGE =
            Pattern.compile("\"usage\"\\s*:\\s*\\{[^}]*\"prompt_tokens\"\\s*:\\s*(\\d{1,18})");

    private final Exchange client;
    private final Runnable firstPiece;
    private String tail = "";

    public BodyRelay(Exchange client, Runnable firstPiece) {
        this.client = client;
        this.firstPiece = firstPiece;
    }

    @Override
    public Usage relay(RunnerAnswer answer) throws IOException {
        var headers = new HashMap<String, String>();
        headers.put("content-type", answer.header("content-type").orElse("application/json"));
        answer.contentLength().ifPresent(length -> headers.put("content-length", Long.toString(length)));
        var piece = new byte[PIECE_BYTES];
        for (int count = answer.read(piece, 0, piece.length); count >= 0; count = answer.read(piece, 0, piece.length)) {
            if (!client.hasBegun()) {
                firstPiece.run();
                client.begin(200, headers);
            }
            client.send(piece, 0, count);
            remember(piece, count);
        }
        client.end();
        return usage();
    }

    private void remember(byte[] piece, int count) {
        int from = Math.max(0, count - TAIL_BYTES);
        var all = tail + new String(piece, from, count - from, ISO_8859_1);
        tail = all.substring(Math.max(0, all.length() - TAIL_BYTES));
    }

    private Usage usage() {
        var found = USAGE.matcher(tail);
        return found.find() ? new Usage(Long.parseLong(found.group(1)), 0) : Usage.NONE;
    }

    @Override
    public boolean hasBegun() {
        return client.hasBegun();
    }

    /** The client sees that it is not complete by its length. */
    @Override
    public void breakOff(byte[] error) {
        client.cut();
    }
}
