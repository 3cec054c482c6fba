package dev.leasehold.gateway.admission;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Refuses to start the management port where others could reach it. It does so before anything else is made, so that
 * its sentence reaches the user as it is.
 */
final class ManagementAddress implements BeanFactoryPostProcessor {
    private final Environment environment;

    ManagementAddress(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        requireLoopback("server.address");
        if (environment.containsProperty("management.server.port")) {
            // A port of its own would have no guard before it.
            throw new IllegalStateException(
                    "management.server.port is set, but health and metrics are on the console's port: remove it.");
        }
    }

    private void requireLoopback(String setting) {
        var address = environment.getProperty(setting, "");
        if (address.isBlank() || !isLoopback(address)) {
            throw new IllegalStateException("The console listens on loopback only, since it has no sign-in: set "
                    + setting + " to 127.0.0.1" + (address.isBlank() ? "." : " instead of " + address + "."));
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
