package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.LeaseId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts leases into the database in whatever state a test wants, on the way that workers take. */
public final class StoredLeases {
    private static final int CLAIMED_AT_ONCE = 1_000;

    private final LeaseRepository repository;
    private final LeaseClaims claims;

    public StoredLeases(JdbcClient jdbc) {
        this.repository = new LeaseRepository(jdbc, new LeaseJson());
        this.claims = new LeaseClaims(jdbc, new LeaseJson(), UUID.randomUUID(), Duration.ofMinutes(10));
    }

    public LeaseRepository repository() {
        return repository;
    }

    /** A lease that was wanted then, and came through these states at these times. */
    public LeaseId put(String deployment, Instant wantedAt, Then... thens) {
        var worked = worked(deployment, wantedAt);
        for (var then : thens) {
            worked.save(then);
        }
        return worked.id();
    }

    /** A lease that was wanted then, for whoever moves it on. */
    public Worked worked(String deployment, Instant wantedAt) {
        var id = new LeaseId(UUID.randomUUID());
        repository.want(id, LeaseSamples.terms(deployment), wantedAt);
        return claims.claim(CLAIMED_AT_ONCE).stream()
                .filter(lease -> lease.id().equals(id))
                .map(lease -> new Worked(id, lease.version()))
                .findFirst()
                .orElseThrow();
    }

    /** A state, and when the lease came into it. */
    public record Then(Instant at, LeaseState state) {}

    /** A claimed lease. */
    public final class Worked {
        private final LeaseId id;
        private long version;

        private Worked(LeaseId id, long version) {
            this.id = id;
            this.version = version;
        }

        public LeaseId id() {
            return id;
        }

        public void save(LeaseState next) {
            save(new Then(LeaseSamples.NOON, next));
        }

        private void save(Then then) {
            claims.save(id, version++, then.state(), then.at());
        }
    }
}
