package dev.leasehold.gateway.admission;

import dev.leasehold.gateway.RawHttp;
import dev.leasehold.gateway.TestEnvironment;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A management port with nothing behind its guard but the keys, and something that answers wherever it is asked. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(AdmissionConfig.class)
class ManagementApplication {
    @RestController
    static class Behind {
        @RequestMapping({"/", "/console/x", "/webjars/x", "/api/x", "/x"})
        String answer() {
            return "behind the guard";
        }
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    static ConfigurableApplicationContext start(String databaseUrl) {
        return start(databaseUrl, Map.of("server.address", "127.0.0.1"));
    }

    static ConfigurableApplicationContext start(String databaseUrl, Map<String, Object> more) {
        var settings = new HashMap<String, Object>(Map.of(
                "server.port", "0",
                "spring.datasource.url", databaseUrl,
                "spring.datasource.hikari.maximum-pool-size", "3",
                "spring.datasource.hikari.minimum-idle", "1",
                "management.endpoints.web.exposure.include", "*"));
        settings.putAll(more);
        return new SpringApplicationBuilder(ManagementApplication.class)
                .environment(TestEnvironment.of(settings))
                .run();
    }

    static RawHttp http(ConfigurableApplicationContext application) {
        return new RawHttp(application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }
}
