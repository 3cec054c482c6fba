package dev.leasehold.deploy;

import dev.leasehold.deploy.market.LeaseSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The installation's secret, from its file. Control planes and data planes both need it. */
@Configuration(proxyBeanMethods = false)
public class LeaseSecretsConfig {
    @Bean
    LeaseSecrets leaseSecrets(@Value("${leasehold.installation-secret-file}") String file) {
        return read(Path.of(file));
    }

    static LeaseSecrets read(Path file) {
        try {
            return new LeaseSecrets(
                    HexFormat.of().parseHex(Files.readString(file).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The installation's secret cannot be read from " + file + " (leasehold.installation-secret-file).",
                    e);
        } catch (IllegalArgumentException _) {
            // The cause would show what is in the file.
            throw new IllegalStateException("The installation's secret in " + file
                    + " (leasehold.installation-secret-file) is not 64 or more hex digits.");
        }
    }
}
