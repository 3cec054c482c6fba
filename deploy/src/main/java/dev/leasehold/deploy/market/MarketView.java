package dev.leasehold.deploy.market;

import java.time.Instant;
import java.util.List;

/** What a market says about one lease. It says nothing about whether the runner is ready; only our probes do. */
public sealed interface MarketView {
    /** The market has no such lease, and none that bills. */
    record Absent() implements MarketView {}

    /** The lease is ours and bills; its runner has no address yet. */
    record Starting(String detail) implements MarketView {}

    /** The runner's process is up and can be dialled. */
    record Started(String host, int port) implements MarketView {}

    /** The lease bills, and its provider has not been heard from since then. */
    record Unreachable(Instant since) implements MarketView {}

    /** The runner has ended by itself. The lease may bill until it is closed. */
    record Failed(String detail, List<String> logTail) implements MarketView {
        public Failed {
            logTail = List.copyOf(logTail);
        }
    }

    /** The lease is closed and bills no more. */
    record Closed(CloseReason reason, String detail) implements MarketView {}

    /** Why a lease was closed, as the market tells it. */
    enum CloseReason {
        OWNER,
        SUPPLIER_UNSTABLE,
        SUPPLIER_DECOMMISSION,
        SUPPLIER_UNSPECIFIED,
        LAUNCH_TIMEOUT,
        FUNDS,
        PREEMPTED,
        UNKNOWN
    }
}
