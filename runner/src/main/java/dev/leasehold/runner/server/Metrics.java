package dev.leasehold.runner.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was served, and writes it as Prometheus reads it, under vLLM's names. */
final class Metrics {
    private static final double[] FIRST_TOKEN_SECONDS = {
        0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96
    };

    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder generationTokens = new LongAdder();
    private final Map<String, LongAdder> finished = new ConcurrentHashMap<>();
    private final AtomicLong[] firstTokens = new AtomicLong[FIRST_TOKEN_SECONDS.length + 1];
    private final LongAdder firstTokenNanos = new LongAdder();

    Metrics() {
        for (int index = 0; index < firstTokens.length; index++) {
            firstTokens[index] = new AtomicLong();
        }
    }

    /** A request begins. */
    Measure begin(int tokens) {
        promptTokens.add(tokens);
        return new Measure(System.nanoTime());
    }

    /** Counts for one request. */
    final class Measure {
        private final long begin;
        private boolean hasFirst;

        private Measure(long begin) {
            this.begin = begin;
        }

        void firstToken() {
            if (hasFirst) {
                return;
            }
            hasFirst = true;
            long nanos = System.nanoTime() - begin;
            firstTokenNanos.add(nanos);
            int bucket = 0;
            while (bucket < FIRST_TOKEN_SECONDS.length && nanos > FIRST_TOKEN_SECONDS[bucket] * 1e9) {
                bucket++;
            }
            firstTokens[bucket].incrementAndGet();
        }

        void finished(String reason, int tokens) {
            generationTokens.add(tokens);
            finished.computeIfAbsent(reason, _ -> new LongAdder()).increment();
        }
    }

    String text(Readiness readiness) {
        var label = "model_name=\"" + String.valueOf(readiness.model()).replaceAll("[\\\\\"\n]", "_") + "\"";
        var text = new StringBuilder();
        metric(text, "vllm:num_requests_running", "gauge", label, readiness.running());
        metric(text, "vllm:num_requests_waiting", "gauge", label, readiness.waiting());
        metric(text, "vllm:prompt_tokens_total", "counter", label, promptTokens.sum());
        metric(text, "vllm:generation_tokens_total", "counter", label, generationTokens.sum());
        type(text, "vllm:request_success_total", "counter");
        finished.forEach((reason, count) ->
                line(text, "vllm:request_success_total", label + ",finished_reason=\"" + reason + "\"", count.sum()));
        histogram(text, label);
        metric(text, "process_resident_memory_bytes", "gauge", label, readiness.memoryBytes());
        return text.toString();
    }

    private void histogram(StringBuilder text, String label) {
        var name = "vllm:time_to_first_token_seconds";
        type(text, name, "histogram");
        long below = 0;
        for (int index = 0; index < firstTokens.length; index++) {
            below += firstTokens[index].get();
            var bound = index < FIRST_TOKEN_SECONDS.length ? Double.toString(FIRST_TOKEN_SECONDS[index]) : "+Inf";
            line(text, name + "_bucket", label + ",le=\"" + bound + "\"", below);
        }
        line(text, name + "_sum", label, firstTokenNanos.sum() / 1e9);
        line(text, name + "_count", label, below);
    }

    private static void metric(StringBuilder text, String name, String type, String label, long value) {
        type(text, name, type);
        line(text, name, label, value);
    }

    private static void type(StringBuilder text, String name, String type) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder text, String name, String labels, Number value) {
        text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }
}
