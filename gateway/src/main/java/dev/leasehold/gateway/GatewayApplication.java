package dev.leasehold.gateway;

import dev.leasehold.deploy.DeployConfig;
import dev.leasehold.deploy.market.fleet.FleetEndpoint;
import dev.leasehold.gateway.admission.AdmissionConfig;
import dev.leasehold.gateway.console.ConsoleConfig;
import dev.leasehold.gateway.openai.DataSettings;
import dev.leasehold.gateway.openai.OpenAiApi;
import dev.leasehold.gateway.openai.OpenAiConfig;
import dev.leasehold.gateway.routing.RouteTable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The gateway with all its roles: data plane, control plane, console. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({DeployConfig.class, AdmissionConfig.class, OpenAiConfig.class, ConsoleConfig.class})
class GatewayApplication {
    @Bean
    DataPlane dataPlane(DataSettings settings, OpenAiApi api, FleetEndpoint fleet, RouteTable routes) {
        return new DataPlane(settings, api, fleet, routes);
    }
}
