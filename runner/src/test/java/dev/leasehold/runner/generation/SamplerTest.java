package dev.leasehold.runner.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.leasehold.runner.serving.GenerationRequest.Sampling;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final float[] LOGITS = {(float) Math.log(0.5), (float) Math.log(0.2), (float) Math.log(0.3)};

    @Test
    void withoutTemperatureTheLikeliestIsTakenAndOfEqualsTheFirst() {
        var token = Sampler.sample(new float[] {1, 3, 3, 2}, new Sampling(0, 1, 9), 0, 0);

        assertThat(token).isEqualTo(1);
    }

    @Test
    void tokensAreDrawnAsOftenAsTheyAreLikely() {
        assertThat(share(0, 1)).isCloseTo(0.5, within(0.02));
        assertThat(share(1, 1)).isCloseTo(0.2, within(0.02));
        assertThat(share(2, 1)).isCloseTo(0.3, within(0.02));
    }

    @Test
    void aNucleusLeavesOutWhatIsUnlikely() {
        assertThat(share(0, 0.7)).isCloseTo(0.625, within(0.02));
        assertThat(share(1, 0.7)).isZero();
        assertThat(share(0, 0.4)).isEqualTo(1);
    }

    @Test
    void scoresThatAreNoNumbersAreAnError() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Sampler.sample(new float[] {Float.NaN, 1}, new Sampling(1, 1, 0), 0, 0));
    }

    private static double share(int token, double topP) {
        var draws = 20_000;
        var sampling = new Sampling(1, topP, 17);
        return (double) IntStream.range(0, draws)
                        .filter(position -> Sampler.sample(LOGITS, sampling, 0, position) == token)
                        .count()
                / draws;
    }
}
