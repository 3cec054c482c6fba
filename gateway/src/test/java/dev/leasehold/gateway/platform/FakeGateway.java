package dev.leasehold.gateway.platform;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A gateway that notes what it is told, and what of the platform lived then. */
final class FakeGateway implements Gateway, GatewayLauncher {
    final List<String> told = new CopyOnWriteArrayList<>();
    final CountDownLatch launched = new CountDownLatch(1);
    private final Home home;

    volatile Map<String, Object> settings = Map.of();
    volatile boolean releasesLeases = true;
    volatile String failsAt = "";
    volatile boolean hangsAtLaunch;

    FakeGateway(Home home) {
        this.home = home;
    }

    @Override
    public Gateway launch(Map<String, Object> newSettings, String apiKey) {
        settings = newSettings;
        launched.countDown();
        if (hangsAtLaunch) {
            hang();
        }
        note("launch");
        return this;
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("Interrupted.", e);
        }
    }

    @Override
    public void startLeasing() {
        note("startLeasing");
    }

    @Override
    public void releaseAll() {
        note("releaseAll");
    }

    @Override
    public boolean allReleased() {
        return releasesLeases;
    }

    @Override
    public List<String> billing() {
        note("billing");
        return List.of("chat on local: 0.10 USD/h");
    }

    @Override
    public void close() {
        note("close");
    }

    private void note(String what) {
        var agents = HomeProcesses.of(home).agents().size();
        told.add(what + ", agents " + agents + ", database " + (isDatabaseUp() ? "up" : "down"));
        if (what.equals(failsAt)) {
            throw new IllegalStateException(what + " fails");
        }
    }

    private boolean isDatabaseUp() {
        var folder = home.postgres().resolve("data");
        return new PostgresData(home, folder, new PostgresUser(List.of(), false), folder)
                .running()
                .isPresent();
    }
}
