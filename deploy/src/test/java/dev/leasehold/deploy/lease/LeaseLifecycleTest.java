package dev.leasehold.deploy.lease;

import static dev.leasehold.deploy.lease.LeaseLifecycle.CASES;
import static dev.leasehold.deploy.lease.LeaseLifecycle.STATES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.deploy.WrittenPage;
import dev.leasehold.deploy.market.MarketView;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/lifecycle-lease.md is what the rules do. */
class LeaseLifecycleTest {
    @Test
    void thePageShowsWhatTheRulesDo() throws IOException {
        WrittenPage.isUpToDate("lifecycle-lease.md", LeaseLifecycle.page());
    }

    @Test
    void thePageLeavesNoStateEventOrViewOut() {
        var states = STATES.stream().map(shown -> shown.state().getClass()).collect(Collectors.toSet());
        var events = CASES.stream().map(each -> each.event().getClass()).collect(Collectors.toSet());
        var views = CASES.stream()
                .map(LeaseLifecycle.Case::event)
                .filter(LeaseEvent.Looked.class::isInstance)
                .map(event -> ((LeaseEvent.Looked) event).view().getClass())
                .collect(Collectors.toSet());

        assertThat(states).isEqualTo(recordsOf(LeaseState.class));
        assertThat(events).isEqualTo(recordsOf(LeaseEvent.class));
        assertThat(views).isEqualTo(recordsOf(MarketView.class));
    }

    /** All records below a sealed interface. */
    private static Set<Class<?>> recordsOf(Class<?> type) {
        return permitted(type).collect(Collectors.toSet());
    }

    private static Stream<Class<?>> permitted(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(LeaseLifecycleTest::permitted)
                : Stream.<Class<?>>of(type).filter(Class::isRecord);
    }
}
