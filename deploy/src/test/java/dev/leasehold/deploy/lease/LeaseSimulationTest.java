package dev.leasehold.deploy.lease;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.lease.LeaseState.Reason;
import dev.leasehold.deploy.lease.LeaseState.Released;
import dev.leasehold.deploy.lease.LeaseState.Serving;
import dev.leasehold.deploy.lease.SimulatedWorld.Faults;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs a lease through losses, deaths and absences; after that, what is billed must be what is owned. */
class LeaseSimulationTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aLeaseThatIsStoppedIsGivenBack(long seed) {
        var world = new SimulatedWorld(seed, Faults.ALL);
        world.runFor(world.within(ofMinutes(10)));
        world.stop();
        world.runFor(world.within(ofMinutes(10)));

        world.heal();
        world.runFor(ofMinutes(20));

        assertThat(world.state()).isInstanceOf(Released.class);
        assertThat(world.market().billed()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aLeaseThatIsKeptServesOrIsGivenBack(long seed) {
        var world = new SimulatedWorld(seed, Faults.ALL);
        world.runFor(world.within(ofMinutes(20)));

        world.heal();
        world.runFor(ofMinutes(20));

        assertThat(world.state()).isInstanceOfAny(Serving.class, Released.class);
        assertThat(world.market().billed()).isEqualTo(world.state() instanceof Serving ? 1 : 0);
        if (world.state() instanceof Released released) {
            assertThat(released.end().reason()).isNotEqualTo(Reason.STOPPED);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void ourOwnAbsenceKillsNothing(long seed) {
        var world = new SimulatedWorld(seed, Faults.OUR_ABSENCES);

        world.runFor(ofMinutes(60));
        world.heal();
        world.runFor(ofMinutes(20));

        assertThat(world.state()).isInstanceOf(Serving.class);
        assertThat(world.market().accepts()).isOne();
        assertThat(world.market().billed()).isOne();
    }
}
