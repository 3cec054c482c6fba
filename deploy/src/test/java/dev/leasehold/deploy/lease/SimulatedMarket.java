package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.MarketView;
import dev.leasehold.deploy.market.MarketView.CloseReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A market for one lease that knows no request keys: whoever takes an offer twice has two capacities and pays for both.
 */
final class SimulatedMarket {
    /** Probes that a runner needs to load its model. */
    private static final int LOADS_FOR = 100;

    /** It says so in steps. */
    private static final int STEP = 10;

    private int billed;
    private int billedMost;
    private int accepts;
    private boolean known;
    private boolean started;
    private boolean dead;
    private boolean cutOff;
    private Optional<Instant> silentSince = Optional.empty();
    private int loaded;

    void accept() {
        billed++;
        accepts++;
        billedMost = Math.max(billedMost, billed);
        known = true;
        started = false;
        dead = false;
        cutOff = false;
        loaded = 0;
    }

    /** A lease that was closed bills again, such as after the provider restored a backup. */
    void haunt() {
        billed = 1;
    }

    void start() {
        started = billed > 0;
    }

    void kill() {
        dead = started;
    }

    /** Nobody reaches the runner any more, and the market does not know. */
    void cutOff() {
        cutOff = started;
    }

    /** The provider ends the lease by itself. */
    void evict() {
        billed = 0;
        dead = true;
    }

    void silence(boolean silent, Instant now) {
        silentSince = silent ? silentSince.or(() -> Optional.of(now)) : Optional.empty();
    }

    void close() {
        billed = 0;
        dead = true;
    }

    MarketView look() {
        if (billed == 0) {
            return known ? new MarketView.Closed(CloseReason.OWNER, "closed") : new MarketView.Absent();
        }
        if (silentSince.isPresent()) {
            return new MarketView.Unreachable(silentSince.get());
        }
        if (dead) {
            return new MarketView.Failed("The runner ended.", List.of());
        }
        return started ? new MarketView.Started("127.0.0.1", 8443) : new MarketView.Starting("pulling");
    }

    boolean isSilent() {
        return silentSince.isPresent();
    }

    boolean runnerAnswers() {
        return billed > 0 && started && !dead && !cutOff && silentSince.isEmpty();
    }

    /** What the runner says that it has loaded, at one more probe; 1 is all. */
    double load() {
        loaded = Math.min(LOADS_FOR, loaded + 1);
        return (double) (loaded / STEP * STEP) / LOADS_FOR;
    }

    int billed() {
        return billed;
    }

    int billedMost() {
        return billedMost;
    }

    int accepts() {
        return accepts;
    }
}
