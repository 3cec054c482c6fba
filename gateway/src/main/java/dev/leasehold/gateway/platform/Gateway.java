package dev.leasehold.gateway.platform;

import java.util.List;

/** The gateway in this process, as the platform sees it: it was started and can be told to let go of everything. */
public interface Gateway extends AutoCloseable {
    /** Begins to lease what the deployments want. */
    void startLeasing();

    /** Takes no new lease and asks for the end of every one there is. Returns at once. */
    void releaseAll();

    boolean allReleased();

    /** One line for each lease that costs money now. */
    List<String> billing();

    /** Stops everything in this process; the leases stay as they are. */
    @Override
    void close();
}
