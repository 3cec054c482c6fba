package dev.leasehold.gateway.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Pieces of a body that are to be others; the bytes around them stay as they came. */
final class BodyEdits {
    private final List<Edit> edits = new ArrayList<>();

    private record Edit(int from, int to, String text) {}

    /** The bytes from {@code from} to before {@code to} shall be this ASCII text. */
    void replace(int from, int to, String text) {
        edits.add(new Edit(from, to, text));
    }

    void insert(int at, String text) {
        replace(at, at, text);
    }

    void addAll(BodyEdits others) {
        edits.addAll(others.edits);
    }

    byte[] apply(byte[] body) {
        if (edits.isEmpty()) {
            return body;
        }
        edits.sort(Comparator.comparingInt(Edit::from));
        var edited = new ByteArrayOutputStream(body.length + 64);
        int kept = 0;
        for (var edit : edits) {
            edited.write(body, kept, edit.from() - kept);
            edited.writeBytes(edit.text().getBytes(US_ASCII));
            kept = edit.to();
        }
        edited.write(body, kept, body.length - kept);
        return edited.toByteArray();
    }
}
