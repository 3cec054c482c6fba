package dev.leasehold.gateway.admission;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The API keys of this installation: who may ask. Keys are checked from memory and managed in the database. */
public final class ApiKeys implements AutoCloseable {
    /** A key is shorter; whatever is longer is not worth its hash. */
    private static final int TEXT_LENGTH_MAX = 256;

    private final KeyRepository keys;
    private final KnownKeys known;
    private final KeyPolicy policy;
    private final RandomGenerator random;
    private final Clock clock;

    /**
     * Makes the keys of one installation.
     *
     * @param random that nobody can foresee
     */
    ApiKeys(KeyRepository keys, KeyPolicy policy, RandomGenerator random, Clock clock) {
        this.keys = keys;
        this.known = new KnownKeys(() -> keys.live(policy.answerMax()), policy);
        this.policy = policy;
        this.random = random;
        this.clock = clock;
    }

    /** A key that was made just now: the one time that its text is known. */
    record Created(ApiKey key, String text) {}

    /** Begins to read the keys from the database, again and again. Once. */
    public void start() {
        known.start();
    }

    @Override
    public void close() {
        known.close();
    }

    /**
     * Checks what a caller sent as its bearer token. Fast for a key; for anything else the database is asked, up to a
     * few seconds, without holding up other callers.
     */
    public KeyCheck authenticate(String token) {
        if (token.isBlank() || token.length() > TEXT_LENGTH_MAX) {
            return new KeyCheck.Unknown();
        }
        return known.check(KeyHash.of(token));
    }

    /**
     * Makes sure that a key is there, under its first name. One that was revoked stays revoked.
     *
     * @throws IllegalArgumentException if it does not look like a key
     */
    public void ensure(String key, String name) {
        if (!KeyText.isKey(key)) {
            // What it is instead is a secret, too.
            throw new IllegalArgumentException(
                    "The key called \"" + name + "\" is none: a key is sk-lh- and 40 digits and letters.");
        }
        keys.addOnce(described(key, name), KeyHash.of(key));
        known.read();
    }

    /**
     * Makes a key, which from now on is known here; other gateways ask for it when it comes.
     *
     * @return empty if there are too many already
     */
    Optional<Created> create(String name) {
        var text = KeyText.draw(random);
        var key = described(text, name);
        if (!keys.add(key, KeyHash.of(text), policy.liveMax())) {
            return Optional.empty();
        }
        known.read();
        return Optional.of(new Created(key, text));
    }

    private ApiKey described(String key, String name) {
        return new ApiKey(UUID.randomUUID(), name, KeyText.prefix(key), clock.instant(), Optional.empty());
    }

    List<ApiKey> list() {
        return keys.list();
    }

    /** Revokes a key: here at once, elsewhere within half a minute. Says whether there is one. Repeatable. */
    boolean revoke(UUID id) {
        boolean exists = keys.revoke(id, clock.instant());
        known.read();
        return exists;
    }

    int liveMax() {
        return policy.liveMax();
    }

    int refused() {
        return known.refused();
    }
}
