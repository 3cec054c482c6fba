package dev.leasehold.deploy.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.lease.LeaseState.End;
import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.StoredLeases.Then;
import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.SettableClock;
import dev.leasehold.deploy.market.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class LeaseSweepTest {
    private static final LeaseState RELEASED =
            new Released(Optional.of(LeaseSamples.OFFER), new End(Reason.STOPPED, ""));

    private final SingleConnectionDataSource database = TestDatabase.onOneConnection();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final SettableClock clock = new SettableClock();
    private final StoredLeases leases = new StoredLeases(jdbc);
    private final OwnedMarket market = new OwnedMarket();
    private final LeaseSweep sweep =
            new LeaseSweep(List.of(market), leases.repository(), new LeaseOperations(jdbc, clock), clock);

    @AfterEach
    void disconnect() {
        database.destroy();
    }

    @Test
    void aReleasedLeaseThatBillsIsClosedAtOnce() {
        market.bills(released());

        sweep.sweep();

        assertThat(market.billed()).isEmpty();
    }

    @Test
    void aLeaseThatIsKeptIsLeftAlone() {
        var now = clock.instant();
        var serving = leases.put(
                "tiny", now, new Then(now, new Serving(LeaseSamples.OFFER, LeaseSamples.PIN, now.plusSeconds(15))));
        market.bills(serving);

        sweepFor(Duration.ofHours(1));

        assertThat(market.billed()).containsExactly(serving);
    }

    @Test
    void anUnknownLeaseIsClosedOnceItWasThereForTenMinutes() {
        market.bills(unknown(1));

        sweepFor(Duration.ofMinutes(9));
        var before = market.billed();
        sweepFor(Duration.ofMinutes(6));

        assertThat(before).hasSize(1);
        assertThat(market.billed()).isEmpty();
    }

    @Test
    void anUnknownLeaseThatWentAwayMeanwhileIsNewWhenItComesBack() {
        market.bills(unknown(1));
        sweepFor(Duration.ofMinutes(9));
        market.close(unknown(1));
        sweepFor(Duration.ofMinutes(2));
        market.bills(unknown(1));

        sweepFor(Duration.ofMinutes(9));

        assertThat(market.billed()).hasSize(1);
    }

    @Test
    void aMarketThatDidNotAnswerHasNotForgottenWhatWeSawThere() {
        market.bills(unknown(1));
        sweepFor(Duration.ofMinutes(9));
        market.goesAway(true);
        sweepFor(Duration.ofMinutes(2));
        market.goesAway(false);

        sweep.sweep();

        assertThat(market.billed()).isEmpty();
    }

    @Test
    void atMostTenUnknownLeasesAnHourAreClosed() {
        LongStream.rangeClosed(1, 12).forEach(number -> market.bills(unknown(number)));

        sweepFor(Duration.ofMinutes(30));
        int afterHalfAnHour = market.billed().size();
        sweepFor(Duration.ofMinutes(60));

        assertThat(afterHalfAnHour).isEqualTo(2);
        assertThat(market.billed()).isEmpty();
    }

    @Test
    void oneThatCannotBeClosedDoesNotKeepTheOthersOpen() {
        var first = released();
        var second = released();
        var third = released();
        market.bills(first, second, third);
        market.cannotClose(market.listOwned().getFirst());

        sweep.sweep();

        assertThat(market.billed()).hasSize(1);
    }

    private LeaseId released() {
        return leases.put("tiny", clock.instant(), new Then(clock.instant(), RELEASED));
    }

    private static LeaseId unknown(long number) {
        return new LeaseId(new UUID(0, number));
    }

    private void sweepFor(Duration time) {
        for (var end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            sweep.sweep();
            clock.advance(Duration.ofMinutes(3));
        }
    }
}
