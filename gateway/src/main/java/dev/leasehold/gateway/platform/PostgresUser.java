package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * As whom PostgreSQL runs, since it refuses to run as root. Where we are root, it gets a user namespace in which our id
 * is unknown, so that it sees itself as nobody but reads our files. Where the system forbids that, as containers do, it
 * really runs as nobody, who then owns its data; if nobody may not even enter the folders above (root's own home is
 * such a place), it keeps of root's powers the one to pass them.
 */
record PostgresUser(List<String> prefix, boolean ownsData) {
    private static final long ROOT = 0;
    private static final long NOBODY = 65534;
    private static final long TRY_SECONDS = 5;
    private static final List<String> NAMESPACE = List.of("unshare", "--user");
    private static final List<String> SWITCH =
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    private static final List<String> SWITCH_AND_PASS = List.of(
            "setpriv",
            "--reuid=" + NOBODY,
            "--regid=" + NOBODY,
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            // Else access(2), by which initdb looks for its parts, counts the powers of root only.
            "--securebits=+no_setuid_fixup");

    /**
     * Finds the way that works here; the owner of data that exists already decides, since only they can read it.
     *
     * @param binaries where PostgreSQL's programs are
     * @param data where its data is or will be
     */
    static PostgresUser find(Path binaries, Path data) throws InterruptedException {
        var self = Path.of("/proc/self");
        if (owner(self).filter(id -> id == ROOT).isEmpty()) {
            return new PostgresUser(List.of(), false);
        }
        if (owner(data).filter(id -> id == NOBODY).isEmpty() && sees(NAMESPACE, binaries)) {
            return new PostgresUser(NAMESPACE, false);
        }
        for (var change : List.of(SWITCH, SWITCH_AND_PASS)) {
            if (sees(change, binaries)) {
                return new PostgresUser(change, true);
            }
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

    private static Optional<Long> owner(Path file) {
        try {
            return Optional.of(Long.valueOf(Files.getAttribute(file, "unix:uid").toString()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static boolean sees(List<String> prefix, Path file) throws InterruptedException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of("test", "-x", file.toString()));
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
