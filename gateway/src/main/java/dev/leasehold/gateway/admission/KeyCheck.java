package dev.leasehold.gateway.admission;

import java.util.UUID;

/** What is known of a key that somebody came with. */
public sealed interface KeyCheck {
    /** It is a key, and was not revoked as far as is known. */
    record Known(UUID id) implements KeyCheck {}

    /** The database was asked and knows no such key: 401. */
    record Unknown() implements KeyCheck {}

    /** It is not in memory and the database does not answer. It may well be a key: 503. */
    record Unavailable() implements KeyCheck {}
}
