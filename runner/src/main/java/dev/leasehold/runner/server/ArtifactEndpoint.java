package dev.leasehold.runner.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.catalog.artifact.Artifact;
import dev.leasehold.catalog.artifact.ArtifactStore;
import dev.leasehold.catalog.artifact.ArtifactStore.Append;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes artifacts in pieces and says what of them is here. */
final class ArtifactEndpoint {
    private static final int PREFIX_LENGTH = "/artifacts/".length();
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final Pattern EMPTY_RANGE = Pattern.compile("bytes \\*/0");

    private final ArtifactStore store;

    ArtifactEndpoint(ArtifactStore store) {
        this.store = store;
    }

    private record Received(long received) {}

    /** The piece from {@code begin}, of {@code length} bytes, of {@code total}. */
    private record Range(long begin, long length, long total) {
        boolean isLast() {
            return begin + length == total;
        }
    }

    void head(Exchange exchange) throws IOException {
        var sha256 = sha256(exchange);
        var file = store.find(sha256);
        if (file.isPresent()) {
            var size = Long.toString(Files.size(file.get()));
            exchange.answer(200, Json.TYPE, new byte[0], Map.of("Content-Length", size));
            return;
        }
        var received = Long.toString(store.received(sha256));
        exchange.answer(404, Json.TYPE, new byte[0], Map.of("Leasehold-Received", received));
    }

    void put(Exchange exchange) throws IOException {
        var sha256 = sha256(exchange);
        if (store.find(sha256).isPresent()) {
            answer(exchange, 200, store.received(sha256));
            return;
        }
        var range = range(exchange.header("Content-Range"));
        var result = store.append(sha256, range.begin(), exchange.body(), range.length());
        switch (result) {
            case Append.OutOfOrder(var received) when received >= range.total() -> complete(exchange, sha256, range);
            case Append.OutOfOrder(var received) -> answer(exchange, 409, received);
            case Append.Busy(var received) -> answer(exchange, 409, received);
            case Append.Appended(var received) -> appended(exchange, sha256, range, received);
        }
    }

    private void appended(Exchange exchange, String sha256, Range range, long received) throws IOException {
        if (exchange.body().read() >= 0) {
            throw HttpFailure.of(413, "invalid_request_error", "The body is longer than its Content-Range says.");
        }
        if (received < range.begin() + range.length()) {
            throw HttpFailure.invalid("Content-Range", "The body is shorter than its Content-Range says.");
        }
        if (!range.isLast()) {
            answer(exchange, 202, received);
            return;
        }
        complete(exchange, sha256, range);
    }

    /** Also where all bytes were here before, but whoever received them died before this. */
    private void complete(Exchange exchange, String sha256, Range range) throws IOException {
        switch (store.complete(sha256, range.total())) {
            case COMPLETE -> answer(exchange, 201, range.total());
            case INCOMPLETE, BUSY -> answer(exchange, 409, store.received(sha256));
            case WRONG_CHECKSUM ->
                throw HttpFailure.of(
                        422,
                        "invalid_request_error",
                        "The bytes of " + sha256 + " have another checksum and were dropped.");
        }
    }

    private static void answer(Exchange exchange, int status, long received) throws IOException {
        exchange.answer(status, Json.TYPE, Json.write(new Received(received)).getBytes(UTF_8), Map.of());
    }

    private static String sha256(Exchange exchange) {
        var sha256 = exchange.path().substring(PREFIX_LENGTH);
        if (!Artifact.isSha256(sha256)) {
            throw HttpFailure.of(404, "invalid_request_error", "An artifact is named by 64 lower-case hex digits.");
        }
        return sha256;
    }

    private static Range range(String header) {
        if (EMPTY_RANGE.matcher(header).matches()) {
            return new Range(0, 0, 0);
        }
        return Optional.of(RANGE.matcher(header))
                .filter(Matcher::matches)
                .map(match -> new Range(
                        Long.parseLong(match.group(1)),
                        Long.parseLong(match.group(2)) - Long.parseLong(match.group(1)) + 1,
                        Long.parseLong(match.group(3))))
                .filter(range -> range.length() > 0 && range.begin() + range.length() <= range.total())
                .orElseThrow(() -> HttpFailure.invalid(
                        "Content-Range", "The piece's place is missing: Content-Range: bytes FIRST-LAST/TOTAL."));
    }
}
