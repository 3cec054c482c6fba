package dev.leasehold.gateway.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * Counts what the data plane serves, under OpenTelemetry's names. Every answer is counted from the usage that its
 * runner sends, whether or not the client asked for it.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">OpenTelemetry, metrics of
 *     generative
 *     AI</a>
 */
public final class TrafficMeter {
    private static final String MODEL = "gen_ai.request.model";
    private static final String OPERATION = "gen_ai.operation.name";

    private final MeterRegistry registry;

    public TrafficMeter(MeterRegistry registry) {
        this.registry = registry;
    }

    /** What a meter is asked about: an operation such as {@code chat} on a deployment that exists. */
    public record Served(String operation, String deployment) {}

    public void tokens(Served served, long prompt, long completion) {
        count(served, "input").increment((double) prompt);
        count(served, "output").increment((double) completion);
    }

    private Counter count(Served served, String type) {
        return Counter.builder("leasehold.tokens")
                .description("Tokens that runners have counted.")
                .tag(OPERATION, served.operation())
                .tag(MODEL, served.deployment())
                .tag("gen_ai.token.type", type)
                .register(registry);
    }

    public void timeToFirstToken(Served served, Duration time) {
        timer("gen_ai.server.time_to_first_token", served).record(time);
    }

    /**
     * Notes a request that has ended.
     *
     * @param status of the answer; 499 for a client that left before it had one
     */
    public void request(Served served, int status, Duration time) {
        Timer.builder("gen_ai.server.request.duration")
                .tag(OPERATION, served.operation())
                .tag(MODEL, served.deployment())
                .tag("http.response.status_code", Integer.toString(status))
                .publishPercentileHistogram()
                .register(registry)
                .record(time);
    }

    private Timer timer(String name, Served served) {
        return Timer.builder(name)
                .tag(OPERATION, served.operation())
                .tag(MODEL, served.deployment())
                .publishPercentileHistogram()
                .register(registry);
    }
}
