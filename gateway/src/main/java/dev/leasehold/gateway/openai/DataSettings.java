package dev.leasehold.gateway.openai;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the data plane serves.
 *
 * @param address where it listens
 * @param port where it listens; 0 takes a free one
 * @param drainMax how long answers may go on once the gateway is to stop
 * @param replicaWaitMax how long a request waits for a replica while none serves
 */
@Validated
@ConfigurationProperties("leasehold.data")
public record DataSettings(
        @DefaultValue("127.0.0.1") @NotBlank String address,

        @DefaultValue("8080") @Min(0) @Max(65_535) int port,

        @DefaultValue("10s") @DurationMin(seconds = 0) @DurationMax(minutes = 10)
        Duration drainMax,

        @DefaultValue("30s") @DurationMin(seconds = 0) @DurationMax(minutes = 10)
        Duration replicaWaitMax) {}
