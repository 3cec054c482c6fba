package dev.leasehold.runner.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void aStopStringThatComesInPiecesEndsTheText() {
        var stops = new StopStrings(List.of("###"));

        assertThat(stops.accept("one #")).isEqualTo("one ");
        assertThat(stops.accept("#")).isEmpty();
        assertThat(stops.accept("# two")).isEmpty();
        assertThat(stops.stopped()).isTrue();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void whatOnlyLookedLikeOneIsGivenBack() {
        var stops = new StopStrings(List.of("abac"));

        assertThat(stops.accept("xab")).isEqualTo("x");
        assertThat(stops.accept("ab")).isEqualTo("ab");
        assertThat(stops.finish()).isEqualTo("ab");
        assertThat(stops.stopped()).isFalse();
    }

    @Test
    void theFirstOfSeveralEndsTheText() {
        var stops = new StopStrings(List.of("late", "early"));

        assertThat(stops.accept("so early and late")).isEqualTo("so ");
    }
}
