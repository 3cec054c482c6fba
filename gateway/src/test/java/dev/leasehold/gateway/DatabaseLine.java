package dev.leasehold.gateway;

import javax.sql.DataSource;

/** The line between a gateway and its database. It can be cut, go silent, and come back. */
public final class DatabaseLine implements AutoCloseable {
    private final int port;
    private final String database;
    private final Line line;

    DatabaseLine(int port, String database) {
        this.port = port;
        this.database = database;
        this.line = new Line(port);
    }

    /** Every connection of this goes over the line. */
    public DataSource database() {
        return TestDatabase.at(line.port(), database);
    }

    /** Where a pool of connections finds the database, over the line. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + line.port() + "/" + database + "?user=postgres";
    }

    /** The database beside the line, as another gateway sees it. */
    public DataSource beside() {
        return TestDatabase.at(port, database);
    }

    public void cut() {
        line.cut();
    }

    public void fallSilent() {
        line.fallSilent();
    }

    public void comeBack() {
        line.comeBack();
    }

    @Override
    public void close() {
        line.close();
    }
}
