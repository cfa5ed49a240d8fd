// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A port of loopback for a server that is started later, perhaps more than once: nobody else gets it while this process lives.
 * Thread: any.
 *
 * <p>On Linux it is bound here, and not listened on. Who connects to it is refused until the server is there; the system gives it
 * to nobody who asks for any port, nor to a client for its own end; and a server may listen on it all the same, as servers allow
 * their address to be used again (SO_REUSEADDR). Elsewhere that need not be so: there it is free now, and somebody may be faster.
 */
public final class HeldPort {
    /** Until the process ends: a socket costs a descriptor, and there are few. */
    private static final Queue<Socket> HELD = new ConcurrentLinkedQueue<>();

    private HeldPort() {}

    /** Another one each time. */
    public static int next() throws IOException {
        Socket holder = new Socket();
        holder.setReuseAddress(true);
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = holder.getLocalPort();
        if (System.getProperty("os.name").equals("Linux")) {
            HELD.add(holder);
        } else {
            holder.close();
        }
        return port;
    }
}
