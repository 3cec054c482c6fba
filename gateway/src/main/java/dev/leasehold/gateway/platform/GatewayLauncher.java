package dev.leasehold.gateway.platform;

import java.util.Map;

/** Starts the gateway in this process. */
@FunctionalInterface
public interface GatewayLauncher {
    /**
     * Starts it with settings as in its configuration files.
     *
     * @param apiKey the key of this home, which the gateway shall accept
     */
    Gateway launch(Map<String, Object> settings, String apiKey);
}
