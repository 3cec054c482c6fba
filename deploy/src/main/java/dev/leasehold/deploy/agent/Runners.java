package dev.leasehold.deploy.agent;

import dev.leasehold.deploy.agent.AgentMessages.LeaseOrder;
import dev.leasehold.deploy.agent.AgentMessages.LeaseReport;
import dev.leasehold.deploy.agent.LeasedRunner.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** All runners of this agent: makes them what the market wants. Used by one thread. */
final class Runners {
    private static final String RUNTIME = "leasehold";

    /** Leases that are over: so many are remembered, with their logs. */
    private static final int REMEMBERED_MAX = 50;

    private final AgentHome home;
    private final RunnerLauncher launcher;
    private final AgentLog log;
    private final Surroundings around;
    private final Map<UUID, LeasedRunner> runners = new LinkedHashMap<>();

    Runners(AgentHome home, RunnerLauncher launcher, AgentLog log, Runnable changed) {
        this.home = home;
        this.launcher = launcher;
        this.log = log;
        this.around = new Surroundings(launcher.bindAddress(), log, changed);
    }

    /** Takes over what an earlier agent left: what runs is watched on, the rest has ended. */
    void adopt() {
        for (var folder : home.leases()) {
            if (!folder.isBegun()) {
                forget(folder);
            } else if (!folder.hasEnded()) {
                runners.put(folder.lease(), adopted(folder));
            }
        }
    }

    private LeasedRunner adopted(LeaseFolder folder) {
        var process = folder.hasExited() ? Optional.<ProcessMark>empty() : folder.process();
        var running = process.filter(ProcessMark::isAlive);
        if (running.isEmpty()) {
            log.line("lease " + folder.lease() + " ended while no agent was here.");
            noteExit(folder);
            return LeasedRunner.ended(folder, folder.log().tail(), around);
        }
        note(folder, running.get());
        log.line("lease " + folder.lease() + " is still running as process "
                + running.get().pid() + " and was adopted.");
        return LeasedRunner.adopt(folder, running.get(), around);
    }

    /** Starts what is lacking and stops what is not wanted. What has ended and is wanted no more is forgotten. */
    void apply(List<LeaseOrder> orders) {
        var wanted = new HashSet<UUID>();
        for (var order : orders) {
            wanted.add(order.lease());
            runners.computeIfAbsent(order.lease(), _ -> begin(order));
        }
        for (var runner : List.copyOf(runners.values())) {
            if (!wanted.contains(runner.folder().lease())) {
                drop(runner);
            }
        }
    }

    private LeasedRunner begin(LeaseOrder order) {
        var folder = home.lease(order.lease());
        if (folder.isBegun()) {
            return LeasedRunner.ended(folder, folder.log().tail(), around);
        }
        if (!order.runtime().equals(RUNTIME)) {
            return refused(folder, "This agent cannot run '" + order.runtime() + "', only '" + RUNTIME + "'.");
        }
        try {
            folder.begin(order.secret());
            var process = launcher.start(order, folder);
            log.line("lease " + order.lease() + " was started as process " + process.pid() + ".");
            ProcessMark.of(process.pid()).ifPresent(mark -> note(folder, mark));
            return LeasedRunner.watch(folder, process, around);
        } catch (IOException | AgentException e) {
            return refused(folder, "The runner could not be started: " + e.getMessage());
        }
    }

    private LeasedRunner refused(LeaseFolder folder, String sentence) {
        log.line("lease " + folder.lease() + ": " + sentence);
        return LeasedRunner.ended(folder, List.of(sentence), around);
    }

    private void noteExit(LeaseFolder folder) {
        try {
            if (!folder.hasExited()) {
                folder.exited(Optional.empty());
            }
        } catch (IOException e) {
            log.line("the end of lease " + folder.lease() + " cannot be noted: " + e.getMessage());
        }
    }

    private void note(LeaseFolder folder, ProcessMark mark) {
        try {
            folder.started(mark);
        } catch (IOException e) {
            // The next agent finds the process by its environment.
            log.line("the process of lease " + folder.lease() + " cannot be noted: " + e.getMessage());
        }
    }

    private void drop(LeasedRunner runner) {
        if (!runner.hasExited()) {
            if (!runner.isStopping()) {
                log.line("lease " + runner.folder().lease() + " is no longer wanted and is stopped.");
            }
            runner.stop();
            return;
        }
        runners.remove(runner.folder().lease());
        try {
            if (runner.folder().isBegun()) {
                runner.folder().end();
            }
            forgetOldest();
        } catch (IOException e) {
            log.line("the folder of lease " + runner.folder().lease() + " cannot be tidied: " + e.getMessage());
        }
    }

    private void forgetOldest() throws IOException {
        var ended = home.leases().stream()
                .filter(LeaseFolder::hasEnded)
                .collect(Collectors.toMap(folder -> folder, Runners::modifiedAt));
        ended.entrySet().stream()
                .sorted(Map.Entry.<LeaseFolder, FileTime>comparingByValue(Comparator.reverseOrder()))
                .skip(REMEMBERED_MAX)
                .forEach(entry -> forget(entry.getKey()));
    }

    private static FileTime modifiedAt(LeaseFolder folder) {
        try {
            return Files.getLastModifiedTime(folder.path());
        } catch (IOException _) {
            return FileTime.fromMillis(0);
        }
    }

    private void forget(LeaseFolder folder) {
        try {
            folder.delete();
        } catch (IOException e) {
            log.line("the folder of lease " + folder.lease() + " cannot be deleted: " + e.getMessage());
        }
    }

    List<LeaseReport> reports() {
        return runners.values().stream().map(LeasedRunner::report).toList();
    }

    Optional<RunnerLog> log(UUID lease) {
        return Optional.ofNullable(runners.get(lease))
                .map(runner -> runner.folder().log());
    }

    void stopAll() {
        runners.values().forEach(LeasedRunner::stop);
    }

    boolean allExited() {
        return runners.values().stream().allMatch(LeasedRunner::hasExited);
    }
}
