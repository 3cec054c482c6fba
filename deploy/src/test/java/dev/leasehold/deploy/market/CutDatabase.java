package dev.leasehold.deploy.market;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database that can be cut off from whoever uses it here. */
public final class CutDatabase extends DelegatingDataSource {
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean cutOff;

    public CutDatabase(DataSource real) {
        super(real);
    }

    public void cutOff(boolean cut) {
        cutOff = cut;
    }

    /** How often a connection was wanted in vain. */
    public int refused() {
        return refused.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (cutOff) {
            refused.incrementAndGet();
            throw new SQLException("Connection refused.", "08001");
        }
        return super.getConnection();
    }
}
