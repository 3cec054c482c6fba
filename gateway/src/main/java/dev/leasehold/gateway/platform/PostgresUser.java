package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * As whom PostgreSQL runs, since it refuses to run as root. Where we are root, it gets a user namespace in which our id
 * is unknown, so that it sees itself as nobody but reads our files; where the system forbids that, it really runs as
 * nobody, who then owns its data.
 */
record PostgresUser(List<String> prefix, boolean ownsData) {
    private static final String NOBODY = "65534";
    private static final long TRY_SECONDS = 5;
    private static final List<String> NAMESPACE = List.of("unshare", "--user");
    private static final List<String> SWITCH =
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

    /** Finds the way that works here; the owner of data that exists already decides, since only they can read it. */
    static PostgresUser find(Path data) throws InterruptedException {
        if (!isRoot()) {
            return new PostgresUser(List.of(), false);
        }
        if (!isNobodys(data) && works(NAMESPACE)) {
            return new PostgresUser(NAMESPACE, false);
        }
        if (works(SWITCH)) {
            return new PostgresUser(SWITCH, true);
        }
        throw new PlatformException("PostgreSQL does not run as root, and neither unshare nor setpriv works here."
                + " Start Leasehold as an ordinary user, or use your own database with --database-url.");
    }

    List<String> command(List<String> command) {
        var whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Gives a folder to whom PostgreSQL runs as. */
    void own(Path folder) throws IOException, InterruptedException {
        if (ownsData && !succeeds(List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()))) {
            throw new IOException("chown failed on " + folder);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean isNobodys(Path data) {
        try {
            return Files.exists(data)
                    && Files.getAttribute(data, "unix:uid").toString().equals(NOBODY);
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean works(List<String> prefix) throws InterruptedException {
        var command = new ArrayList<>(prefix);
        command.add("true");
        return succeeds(command);
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            var attempt = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return attempt.waitFor(TRY_SECONDS, TimeUnit.SECONDS) && attempt.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
