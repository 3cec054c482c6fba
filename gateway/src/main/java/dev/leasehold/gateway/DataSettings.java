package dev.leasehold.gateway;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the data plane listens.
 *
 * @param drainMax how long answers may go on once the gateway is to stop
 * @param replicaWaitMax how long a request waits for a replica while none serves
 */
@ConfigurationProperties("leasehold.data")
public record DataSettings(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8080") int port,
        @DefaultValue("10s") Duration drainMax,
        @DefaultValue("20s") Duration replicaWaitMax) {}
