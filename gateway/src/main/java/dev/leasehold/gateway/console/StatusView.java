package dev.leasehold.gateway.console;

import java.util.List;

/**
 * What the page says of deployments and hosts, in the words that it says it in.
 *
 * @param isRead whether anything was read from the database yet
 * @param isCurrent whether the database answers; if not, this is how it was
 */
record StatusView(
        boolean isRead, boolean isCurrent, List<Host> hosts, String totalUsdPerHour, List<Deployment> deployments) {
    /** Before anything was read. */
    static final StatusView NOTHING_YET = new StatusView(false, true, List.of(), "", List.of());

    StatusView {
        hosts = List.copyOf(hosts);
        deployments = List.copyOf(deployments);
    }

    /** Who offers capacity. */
    record Host(String name, String usdPerHour, String memory) {}

    /**
     * One deployment.
     *
     * @param id names its parts in the page; its name cannot, since that may contain dots
     * @param tone {@code good}, {@code busy}, {@code warn} or {@code quiet}: how its state is coloured
     * @param curl empty while it does not serve
     */
    record Deployment(
            String name,
            String id,
            String model,
            String task,
            String state,
            String tone,
            String message,
            String replicasReady,
            String usdPerHour,
            boolean isServing,
            boolean isLeaving,
            String curl,
            List<Replica> replicas) {
        Deployment {
            replicas = List.copyOf(replicas);
        }
    }

    /**
     * One replica.
     *
     * @param since in ISO 8601, for the browser to show in the user's own time zone
     */
    record Replica(String provider, String state, String stage, String tone, String usdPerHour, String since) {}
}
