package dev.leasehold.deploy.lease;

/**
 * How far a runner is on its way to its first answer. Never goes back, but by a restart of the runner.
 *
 * @param fraction of the stage, 0 to 1
 */
public record Progress(Stage stage, double fraction) {
    public static final Progress NONE = new Progress(Stage.CONNECTING, 0);

    /** The steps of warming up, in their order. */
    public enum Stage {
        CONNECTING,
        PUSHING,
        LOADING,
        TESTING
    }

    public boolean isAfter(Progress other) {
        int order = stage.compareTo(other.stage);
        return order > 0 || (order == 0 && fraction > other.fraction);
    }
}
