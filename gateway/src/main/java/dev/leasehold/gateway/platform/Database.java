package dev.leasehold.gateway.platform;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where the database is and how to enter it.
 *
 * @param url a JDBC URL without secrets
 */
public record Database(String url, String user, String password) {
    private static final int CONNECT_SECONDS_MAX = 10;

    /**
     * Makes sure that it lets us in, before all that needs it is started.
     *
     * @throws PlatformException if it does not
     */
    Database requireAnswer() {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS_MAX));
        try (var connection = DriverManager.getConnection(url, properties)) {
            connection.isValid(CONNECT_SECONDS_MAX);
            return this;
        } catch (SQLException e) {
            var reason = String.valueOf(e.getMessage())
                    .lines()
                    .findFirst()
                    .orElse("")
                    .replaceFirst("[.]$", "");
            throw new PlatformException(
                    "The database " + url + " does not let the user " + user + " in: " + reason
                            + ". Check that it runs, and LEASEHOLD_DATABASE_USER and LEASEHOLD_DATABASE_PASSWORD.",
                    e);
        }
    }

    @Override
    public String toString() {
        return "Database[url=" + url + ", user=" + user + "]";
    }
}
