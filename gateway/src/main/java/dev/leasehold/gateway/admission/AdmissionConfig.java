package dev.leasehold.gateway.admission;

import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Puts together who may ask. */
@Configuration(proxyBeanMethods = false)
public class AdmissionConfig {
    /** Reads its keys from the start on. Boot makes its template only when the tables are there. */
    @Bean(initMethod = "start")
    ApiKeys apiKeys(JdbcTemplate jdbc, Clock clock) {
        return new ApiKeys(new KeyRepository(jdbc), KeyPolicy.DEFAULT, new SecureRandom(), clock);
    }

    @Bean
    KeyController keyController(ApiKeys keys) {
        return new KeyController(keys);
    }

    @Bean
    static ManagementAddress managementAddress(Environment environment) {
        return new ManagementAddress(environment);
    }

    @Bean
    ManagementGuard managementGuard(ApiKeys keys, JsonMapper json) {
        return new ManagementGuard(keys, json);
    }

    @Bean
    KeyProblems keyProblems() {
        return new KeyProblems();
    }
}
