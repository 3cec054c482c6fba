package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.LeaseId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which of the watched runners are silent: if too many are, over several providers, it is us. */
final class FailureShare {
    private static final double SHARE_MAX = 0.3;
    private static final int PROVIDERS_MIN = 2;

    private record Watched(String provider, boolean silent) {}

    private final Map<LeaseId, Watched> watched = new ConcurrentHashMap<>();

    void report(LeaseId lease, String provider, boolean silent) {
        watched.put(lease, new Watched(provider, silent));
    }

    void forget(LeaseId lease) {
        watched.remove(lease);
    }

    boolean isWidespread() {
        var silent = watched.values().stream().filter(Watched::silent).toList();
        long providers = silent.stream().map(Watched::provider).distinct().count();
        return providers >= PROVIDERS_MIN && silent.size() > watched.size() * SHARE_MAX;
    }
}
