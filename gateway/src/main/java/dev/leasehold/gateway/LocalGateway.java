package dev.leasehold.gateway;

import dev.leasehold.deploy.ControlPlane;
import dev.leasehold.gateway.admission.ApiKeys;
import dev.leasehold.gateway.platform.Gateway;
import dev.leasehold.gateway.platform.PlatformException;
import java.util.List;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.dao.DataAccessException;

/** The gateway in this process. */
final class LocalGateway implements Gateway {
    private static final String FIRST_KEY = "first key";

    private final ConfigurableApplicationContext context;
    private final ControlPlane control;

    private LocalGateway(ConfigurableApplicationContext context) {
        this.context = context;
        this.control = context.getBean(ControlPlane.class);
    }

    /**
     * Starts it with settings as in its configuration files.
     *
     * @param apiKey that it shall accept
     */
    static LocalGateway launch(Map<String, Object> settings, String apiKey) {
        try {
            var environment = new StandardEnvironment();
            environment.getPropertySources().addFirst(new MapPropertySource("leasehold", settings));
            var context = new SpringApplicationBuilder(GatewayApplication.class)
                    .web(WebApplicationType.SERVLET)
                    .environment(environment)
                    .registerShutdownHook(false)
                    .run();
            return accepting(apiKey, context);
        } catch (RuntimeException e) {
            throw new PlatformException("The gateway did not start: " + reason(e) + " Its log has more.", e);
        }
    }

    private static LocalGateway accepting(String apiKey, ConfigurableApplicationContext context) {
        try {
            context.getBean(ApiKeys.class).ensure(apiKey, FIRST_KEY);
            return new LocalGateway(context);
        } catch (RuntimeException e) {
            context.close(); // Nobody else could: whoever called gets no gateway.
            throw e;
        }
    }

    private static String reason(Throwable failure) {
        var deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        var message = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
        return message.endsWith(".") ? message : message + ".";
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void startLeasing() {
        control.start();
    }

    @Override
    public void releaseAll() {
        try {
            control.releaseAll();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** As long as the database does not answer, nobody can say so. */
    @Override
    public boolean allReleased() {
        try {
            return control.allReleased();
        } catch (DataAccessException _) {
            return false;
        }
    }

    @Override
    public List<String> billing() {
        return control.billing().stream()
                .map(lease -> "lease " + lease.lease() + " at " + lease.provider() + ": "
                        + lease.priceUsdPerHour().toPlainString() + " USD an hour")
                .toList();
    }

    @Override
    public void close() {
        try {
            control.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        context.close();
    }
}
