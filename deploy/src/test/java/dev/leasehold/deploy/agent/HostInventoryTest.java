package dev.leasehold.deploy.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostInventoryTest {
    @Test
    void findsWhatThisHostHas(@TempDir Path scratch) {
        var host = new HostInventory(scratch).read();

        assertThat(host.cores()).isPositive();
        assertThat(host.memoryAvailableBytes()).isPositive().isLessThanOrEqualTo(host.memoryBytes());
        assertThat(host.hostname()).isNotBlank();
    }

    @Test
    void readsTheDriversList() {
        var gpus = HostInventory.gpus("""
                NVIDIA H100 80GB HBM3, 81559, 570.86
                a line that is none
                NVIDIA L4, [N/A], 570.86
                """);

        assertThat(gpus).singleElement().satisfies(gpu -> {
            assertThat(gpu.name()).isEqualTo("NVIDIA H100 80GB HBM3");
            assertThat(gpu.memoryBytes()).isEqualTo(85_520_809_984L);
            assertThat(gpu.driver()).isEqualTo("570.86");
        });
    }
}
