package dev.leasehold.deploy.api;

import java.util.List;

/** A list on the wire. */
record ListJson<T>(List<T> data) {
    ListJson {
        data = List.copyOf(data);
    }
}
