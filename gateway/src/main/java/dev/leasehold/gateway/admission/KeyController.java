package dev.leasehold.gateway.admission;

import dev.leasehold.gateway.admission.KeyRefusedException.Kind;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** API keys: make, list, revoke. */
@RestController
@RequestMapping("/api/keys")
class KeyController {
    private static final int NAME_LENGTH_MAX = 100;

    private final ApiKeys keys;

    KeyController(ApiKeys keys) {
        this.keys = keys;
    }

    record Body(@Nullable String name) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record KeyJson(
            String id,
            String name,
            String prefix,
            Instant createdAt,
            @Nullable Instant revokedAt) {
        static KeyJson of(ApiKey key) {
            return new KeyJson(
                    key.id().toString(),
                    key.name(),
                    key.prefix(),
                    key.createdAt(),
                    key.revokedAt().orElse(null));
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record CreatedJson(String id, String name, String prefix, String key, Instant createdAt) {}

    record KeysJson(List<KeyJson> data) {}

    @PostMapping
    ResponseEntity<CreatedJson> create(@RequestBody Body body) {
        var created = keys.create(name(body)).orElseThrow(this::tooMany);
        var key = created.key();
        return ResponseEntity.created(URI.create("/api/keys/" + key.id()))
                .cacheControl(CacheControl.noStore())
                .body(new CreatedJson(key.id().toString(), key.name(), key.prefix(), created.text(), key.createdAt()));
    }

    private static String name(Body body) {
        var name = body.name() == null ? "" : body.name().strip();
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw new KeyRefusedException(
                    Kind.INVALID,
                    "name says what the key is for: 1 to " + NAME_LENGTH_MAX + " characters on one line.");
        }
        return name;
    }

    private KeyRefusedException tooMany() {
        return new KeyRefusedException(
                Kind.TOO_MANY, "There are " + keys.liveMax() + " keys already. Revoke one that nobody needs.");
    }

    @GetMapping
    KeysJson list() {
        return new KeysJson(keys.list().stream().map(KeyJson::of).toList());
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> revoke(@PathVariable("id") String id) {
        if (uuid(id).filter(keys::revoke).isEmpty()) {
            throw new KeyRefusedException(Kind.UNKNOWN, "There is no key with the id \"" + id + "\".");
        }
        return ResponseEntity.noContent().build();
    }

    /** An id as we write it: {@link UUID#fromString} alone also takes shorter ones. */
    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equalsIgnoreCase(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
