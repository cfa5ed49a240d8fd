// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldPortTest {
    @BeforeEach
    void needsLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "elsewhere nothing is held");
    }

    @Test
    void refusesUntilAServerListensWhichMayComeAgain() throws IOException {
        int port = HeldPort.next();
        for (int start = 0; start < 2; start++) {
            assertThrows(ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
            try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertTrue(server.isBound() && client.isConnected());
            }
        }
    }

    @Test
    void isNobodyElses() throws IOException {
        int port = HeldPort.next();
        assertNotEquals(port, HeldPort.next());
        try (Socket other = new Socket()) {
            other.setReuseAddress(false);
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            assertThrows(BindException.class, () -> other.bind(address));
        }
    }
}
