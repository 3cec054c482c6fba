package dev.leasehold.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
    private static final String LOOPBACK = "127.0.0.1";

    @Test
    void aPortInUseIsToldWithItsHolderAndTheOption() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();

            assertThat(Ports.isFree(LOOPBACK, port)).isFalse();
            assertThatThrownBy(() -> Ports.requireFree(LOOPBACK, port, "--port"))
                    .isInstanceOf(PlatformException.class)
                    .hasMessageContaining("Port " + port + " is already in use by ")
                    .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")")
                    .hasMessageContaining("with --port");
        }
    }

    @Test
    void aFreePortIsFree() {
        var port = Ports.free();

        assertThatCode(() -> Ports.requireFree(LOOPBACK, port, "--port")).doesNotThrowAnyException();
    }

    @Test
    void anAddressOfAnotherMachineIsNotCalledAPortInUse() {
        var port = Ports.free();

        assertThatThrownBy(() -> Ports.requireFree("192.0.2.1", port, "--port"))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("cannot be listened on")
                .hasMessageContaining("--address");
    }

    @Test
    void whatIsNoAddressIsSaidSo() {
        assertThatThrownBy(() -> Ports.requireFree("[no address", 8080, "--port"))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("is no address");
    }
}
