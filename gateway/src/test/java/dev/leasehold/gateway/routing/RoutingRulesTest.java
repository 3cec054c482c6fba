package dev.leasehold.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.deployment.Route.Target;
import dev.leasehold.deploy.market.LeaseId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RoutingRulesTest {
    private static final Target ONE = target(1);
    private static final Target TWO = target(2);
    private static final Target THREE = target(3);

    private final Random random = new Random(7);

    private static Target target(int number) {
        return new Target(new LeaseId(new UUID(0, number)), "p" + number, "127.0.0.1", number, "");
    }

    @Test
    void nobodyIsPickedFromNobody() {
        assertThat(RoutingRules.pick(List.of(), _ -> false, _ -> 0, random)).isEmpty();
    }

    @Test
    void theLessBusyOfTwoIsPicked() {
        for (int time = 0; time < 50; time++) {
            assertThat(RoutingRules.pick(List.of(ONE, TWO), _ -> false, target -> target.equals(ONE) ? 3 : 2, random))
                    .contains(TWO);
        }
    }

    @Test
    void theBusiestOfThreeIsNeverPicked() {
        var busy = Map.of(ONE, 0, TWO, 1, THREE, 2);
        for (int time = 0; time < 200; time++) {
            assertThat(RoutingRules.pick(List.of(ONE, TWO, THREE), _ -> false, busy::get, random))
                    .isNotEmpty()
                    .isNotEqualTo(Optional.of(THREE));
        }
    }

    @Test
    void equallyBusyOnesShareTheRequests() {
        var picked = new HashMap<Target, Integer>();
        for (int time = 0; time < 300; time++) {
            RoutingRules.pick(List.of(ONE, TWO, THREE), _ -> false, _ -> 0, random)
                    .ifPresent(target -> picked.merge(target, 1, Integer::sum));
        }

        assertThat(picked.values()).hasSize(3).allMatch(count -> count > 60);
    }

    @Test
    void whoFailedLatelyIsTakenOnlyIfNobodyElseIsLeft() {
        for (int time = 0; time < 50; time++) {
            assertThat(RoutingRules.pick(List.of(ONE, TWO), ONE::equals, _ -> 0, random))
                    .contains(TWO);
        }
        assertThat(RoutingRules.pick(List.of(ONE), ONE::equals, _ -> 0, random)).contains(ONE);
    }
}
