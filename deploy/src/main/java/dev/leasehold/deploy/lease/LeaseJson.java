package dev.leasehold.deploy.lease;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.leasehold.deploy.runner.Workload;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Leases as JSON, with the name of the state in {@code "is"}. */
public final class LeaseJson {
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
    private interface Named {}

    /** Fields that a newer gateway wrote are skipped, so that an older one can take its leases back. */
    private final JsonMapper mapper = JsonMapper.builder()
            .addMixIn(LeaseState.class, Named.class)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    String write(LeaseState state) {
        return mapper.writerFor(LeaseState.class).writeValueAsString(state);
    }

    LeaseState state(String text) {
        return mapper.readValue(text, LeaseState.class);
    }

    String write(LeaseTerms terms) {
        return mapper.writeValueAsString(terms);
    }

    LeaseTerms terms(String text) {
        return mapper.readValue(text, LeaseTerms.class);
    }

    public String write(Workload workload) {
        return mapper.writeValueAsString(workload);
    }

    public Workload workload(String text) {
        return mapper.readValue(text, Workload.class);
    }
}
