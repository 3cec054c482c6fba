package dev.leasehold.gateway;

import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Settings that stand above those of the configuration file, as the platform's do. */
public final class TestEnvironment {
    private TestEnvironment() {}

    public static ConfigurableEnvironment of(Map<String, Object> settings) {
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        return environment;
    }
}
