package dev.leasehold.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;

class DataSettingsTest {
    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
            .withUserConfiguration(Settings.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(DataSettings.class)
    static class Settings {}

    @Test
    void hasDefaults() {
        contexts.run(context -> assertThat(context.getBean(DataSettings.class))
                .isEqualTo(new DataSettings("127.0.0.1", 8080, Duration.ofSeconds(10), Duration.ofSeconds(30))));
    }

    @Test
    void takesAllOfThem() {
        contexts.withPropertyValues(
                        "leasehold.data.address=::1",
                        "leasehold.data.port=9080",
                        "leasehold.data.drain-max=1m",
                        "leasehold.data.replica-wait-max=0")
                .run(context -> assertThat(context.getBean(DataSettings.class))
                        .isEqualTo(new DataSettings("::1", 9080, Duration.ofMinutes(1), Duration.ZERO)));
    }

    @Test
    void refusesWhatCannotBe() {
        for (var wrong : new String[] {"address=", "port=70000", "drain-max=1h", "replica-wait-max=-1s"}) {
            contexts.withPropertyValues("leasehold.data." + wrong)
                    .run(context -> assertThat(context).as(wrong).hasFailed());
        }
    }
}
