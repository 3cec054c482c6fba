package dev.leasehold.deploy.lease;

import dev.leasehold.deploy.market.LeaseId;
import java.time.Clock;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The record of what was asked of markets: each call that may change a bill has a row, written before it. What is
 * written never holds a secret: names of offers, and the sentences of {@code MarketException}, which hold none.
 */
final class LeaseOperations {
    private static final int TEXT_LENGTH_MAX = 500;

    private final JdbcClient jdbc;
    private final Clock clock;

    LeaseOperations(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Makes a call. Without a row for it, it is not made. */
    <T> T record(LeaseId lease, String operation, String detail, Supplier<T> call) {
        long id = begin(lease, operation, detail);
        try {
            var result = call.get();
            end(id, "done");
            return result;
        } catch (RuntimeException e) {
            end(id, "failed: " + e.getMessage());
            throw e;
        }
    }

    private long begin(LeaseId lease, String operation, String detail) {
        return jdbc.sql("""
                        INSERT INTO lease_operation (lease, operation, detail, started_at)
                        VALUES (:lease, :operation, :detail, :now) RETURNING id""")
                .param("lease", lease.value())
                .param("operation", operation)
                .param("detail", shortened(detail))
                .param("now", LeaseRepository.utc(clock.instant()))
                .query(Long.class)
                .single();
    }

    private void end(long id, String outcome) {
        try {
            jdbc.sql("UPDATE lease_operation SET ended_at = :now, outcome = :outcome WHERE id = :id")
                    .param("now", LeaseRepository.utc(clock.instant()))
                    .param("outcome", shortened(outcome))
                    .param("id", id)
                    .update();
        } catch (DataAccessException _) {
            // A row without an outcome says that it is not known here; the market's word decides anyway.
        }
    }

    private static String shortened(String text) {
        return text.length() > TEXT_LENGTH_MAX ? text.substring(0, TEXT_LENGTH_MAX) : text;
    }
}
