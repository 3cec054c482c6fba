package dev.leasehold.deploy.market.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** What agents join with. The file is read each time, so that a new token counts at once. */
final class JoinToken {
    private static final String SCHEME = "Bearer ";

    private final Path file;

    JoinToken(Path file) {
        this.file = file;
    }

    void require(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(SCHEME) || !matches(authorization)) {
            throw Refusal.of(
                    401, "invalid_join_token", "The join token is not this gateway's. Give the agent the right file.");
        }
    }

    private boolean matches(String authorization) {
        var given = authorization.substring(SCHEME.length()).getBytes(UTF_8);
        return MessageDigest.isEqual(given, token().getBytes(UTF_8));
    }

    private String token() {
        try {
            var token = Files.readString(file).strip();
            if (!token.isEmpty()) {
                return token;
            }
        } catch (IOException _) {
            throw Refusal.unavailable("The gateway cannot read its file with the join token.");
        }
        throw Refusal.unavailable("The gateway's file with the join token is empty.");
    }
}
