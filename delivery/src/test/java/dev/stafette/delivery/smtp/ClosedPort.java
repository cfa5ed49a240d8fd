// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port on loopback where nobody listens, and nobody else can while this is open. */
record ClosedPort(Socket bound) implements AutoCloseable {
    static ClosedPort take() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new ClosedPort(socket);
    }

    int number() {
        return bound.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        bound.close();
    }
}
