package dev.leasehold.gateway.platform;

/**
 * Where the database is and how to enter it.
 *
 * @param url a JDBC URL without secrets
 */
public record Database(String url, String user, String password) {
    @Override
    public String toString() {
        return "Database[url=" + url + ", user=" + user + "]";
    }
}
