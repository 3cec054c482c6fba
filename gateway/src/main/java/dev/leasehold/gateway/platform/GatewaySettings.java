package dev.leasehold.gateway.platform;

import java.util.HashMap;
import java.util.Map;

/** What the platform tells the gateway, as in its configuration files. */
final class GatewaySettings {
    private GatewaySettings() {}

    static Map<String, Object> of(UpSettings settings, Database database) {
        var home = settings.home();
        var values = new HashMap<String, Object>();
        values.put("leasehold.home", home.root().toString());
        values.put("leasehold.installation-secret-file", home.secret().toString());
        values.put("leasehold.fleet.join-token-file", home.joinToken().toString());
        values.put("leasehold.data.address", settings.address());
        values.put("leasehold.data.port", settings.port());
        values.put("server.address", UpSettings.LOOPBACK);
        values.put("server.port", settings.consolePort());
        values.put("spring.datasource.url", database.url());
        values.put("spring.datasource.username", database.user());
        values.put("spring.datasource.password", database.password());
        values.put("logging.file.name", home.log("gateway").toString());
        values.put("logging.threshold.console", "OFF");
        values.put("logging.register-shutdown-hook", "false");
        values.put("spring.main.banner-mode", "off");
        return values;
    }
}
