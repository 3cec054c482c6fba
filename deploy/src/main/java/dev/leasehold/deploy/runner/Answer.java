package dev.leasehold.deploy.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;

/** A runner's answer; the names of its headers are in lower case. */
record Answer(int status, Map<String, String> headers, byte[] body) {
    String text() {
        return new String(body, UTF_8);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    boolean keepsConnection() {
        return !"close".equalsIgnoreCase(headers.getOrDefault("connection", ""));
    }
}
