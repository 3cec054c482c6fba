package dev.leasehold.gateway.admission;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A key as it may be shown: all but its secret part. */
record ApiKey(UUID id, String name, String prefix, Instant createdAt, Optional<Instant> revokedAt) {}
