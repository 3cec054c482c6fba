package dev.leasehold.gateway.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** PostgreSQL's data folder: made once, whole or not at all. */
record PostgresData(Home home, Path binaries, PostgresUser user, Path folder) {
    private static final long INIT_SECONDS_MAX = 180;
    private static final int PORT_LINE = 3;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,10}");
    static final String SUPERUSER = "leasehold";

    static PostgresData of(Home home, Path binaries) throws InterruptedException {
        var folder = home.postgres().resolve("data");
        return new PostgresData(home, binaries, PostgresUser.find(binaries.resolve("bin"), folder), folder);
    }

    boolean exists() {
        return Files.isDirectory(folder);
    }

    /** Makes the data folder beside its place and moves it there when it is complete. */
    void initialize(String password) throws InterruptedException {
        var partial = home.postgres().resolve("data.partial");
        try {
            Folders.delete(partial);
            Files.createDirectories(partial);
            var passwordFile = home.postgres().resolve("password.partial");
            try {
                Home.replace(passwordFile, password + "\n");
                user.own(partial);
                user.own(passwordFile);
                initdb(partial, passwordFile);
            } finally {
                Files.deleteIfExists(passwordFile);
            }
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw home.unwritable(e);
        }
    }

    private void initdb(Path into, Path passwordFile) throws InterruptedException {
        var command = List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + into,
                "--username=" + SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C");
        var log = home.log("postgres");
        var initdb = Session.start(home, user.command(command), log);
        try {
            if (!initdb.waitFor(INIT_SECONDS_MAX, TimeUnit.SECONDS) || initdb.exitValue() != 0) {
                throw new PlatformException("The database could not be created; " + log + " says why.");
            }
        } finally {
            initdb.descendants().forEach(ProcessHandle::destroyForcibly);
            initdb.destroyForcibly();
        }
    }

    /** Data of a time when PostgreSQL ran as another user becomes readable for whom it runs as now. */
    void own() throws InterruptedException {
        try {
            user.own(folder);
        } catch (IOException e) {
            throw home.unwritable(e);
        }
    }

    /** The postmaster that has this data open, if it runs. */
    Optional<ProcessMark> running() {
        return lock().flatMap(lines -> number(lines.getFirst()))
                .flatMap(ProcessMark::of)
                .filter(this::isPostmaster);
    }

    /**
     * Removes the lock file of a postmaster that was killed when its process id has another owner by now: PostgreSQL
     * cannot tell them apart, and after a restart of the machine small ids are soon used again.
     */
    void removeStaleLock() {
        if (lock().isPresent() && running().isEmpty()) {
            try {
                Files.deleteIfExists(folder.resolve("postmaster.pid"));
            } catch (IOException e) {
                throw home.unwritable(e);
            }
        }
    }

    Optional<Integer> runningPort() {
        return lock().filter(lines -> lines.size() > PORT_LINE)
                .flatMap(lines -> number(lines.get(PORT_LINE)))
                .map(Long::intValue);
    }

    private static Optional<Long> number(String text) {
        return DIGITS.matcher(text.strip()).matches() ? Optional.of(Long.valueOf(text.strip())) : Optional.empty();
    }

    private Optional<List<String>> lock() {
        try {
            var lines = Files.readAllLines(folder.resolve("postmaster.pid"));
            return lines.isEmpty() || lines.getFirst().isBlank() ? Optional.empty() : Optional.of(lines);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private boolean isPostmaster(ProcessMark process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .contains(folder.toString());
        } catch (IOException _) {
            return false;
        }
    }
}
