// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback that are free, for servers that have to be told one. They are below those that a system gives to whoever
 * connects or asks for any; and each process of tests has a range of its own and gives its ports in turn, so that none is taken,
 * or given twice, before the server that it is for has been started, however long that takes.
 * Thread: any.
 */
public final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int RANGE = 250;
    private static final int RANGES = 80;
    private static final int TRIES_MAX = 1_000;

    /** The first port of the range of this process: held for as long as that lives. */
    private static final ServerSocket CLAIM = claim();

    private static int given;

    private FreePorts() {}

    private static ServerSocket claim() {
        for (int i = 0; i < TRIES_MAX; i++) {
            try {
                return bind(FIRST + RANGE * ThreadLocalRandom.current().nextInt(RANGES));
            } catch (BindException taken) {
                // Another's.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no range of ports is free");
    }

    private static ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public static int find() throws IOException {
        return find(1).get(0);
    }

    /** Each another. */
    public static synchronized List<Integer> find(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < TRIES_MAX && ports.size() < count; i++) {
            given = given % (RANGE - 1) + 1;
            try (ServerSocket free = bind(CLAIM.getLocalPort() + given)) {
                ports.add(free.getLocalPort());
            } catch (BindException taken) {
                // Somebody who was given it is still there.
                continue;
            }
        }
        if (ports.size() < count) {
            throw new IllegalStateException("no " + count + " ports are free");
        }
        return ports;
    }
}
