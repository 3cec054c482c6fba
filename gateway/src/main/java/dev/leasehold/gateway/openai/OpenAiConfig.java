package dev.leasehold.gateway.openai;

import dev.leasehold.deploy.deployment.RouteRepository;
import dev.leasehold.deploy.lease.LeaseBell;
import dev.leasehold.deploy.market.LeaseSecrets;
import dev.leasehold.gateway.admission.ApiKeys;
import dev.leasehold.gateway.routing.Replicas;
import dev.leasehold.gateway.routing.RouteTable;
import dev.leasehold.gateway.stream.RunnerCall;
import dev.leasehold.gateway.stream.RunnerLinks;
import dev.leasehold.gateway.usage.TrafficMeter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the OpenAI API together: who may ask, which replica answers, and how that reaches the client. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DataSettings.class)
public class OpenAiConfig {
    @Bean
    Replicas replicas() {
        return new Replicas(new SecureRandom());
    }

    @Bean
    RunnerLinks runnerLinks(LeaseSecrets secrets) {
        return new RunnerLinks(secrets);
    }

    @Bean(initMethod = "start", destroyMethod = "stop")
    RouteTable routeTable(RouteRepository routes, DataSource database, Replicas replicas, RunnerLinks links) {
        return new RouteTable(routes::all, LeaseBell.ofRoutes(database), changed -> {
            links.keepOnly(changed);
            replicas.keepOnly(changed);
        });
    }

    @Bean
    OpenAiApi openAiApi(ApiKeys keys, RouteTable routes, Failover failover, MeterRegistry registry) {
        var tools = new ModelRequest.Tools(routes, failover, new TrafficMeter(registry));
        return new OpenAiApi(new Callers(keys), tools);
    }

    @Bean
    Failover failover(RouteTable routes, Replicas replicas, RunnerLinks links, DataSettings settings) {
        return new Failover(routes, replicas, new RunnerCall(links), settings.replicaWaitMax());
    }
}
