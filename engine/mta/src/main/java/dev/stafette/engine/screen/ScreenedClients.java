// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The clients whose connections are screened now, and what those know of each other.
 * Thread: any. The map's own atomicity is all that is needed: a client is replaced in the very call that reads it.
 */
final class ScreenedClients {
    /** @param isKnown one of its connections has passed all tests for the first time */
    record Client(int connectionCount, TestTimes times, boolean isKnown) {}

    private static final Client NOBODY = new Client(0, TestTimes.UNSEEN, false);

    private final ConcurrentHashMap<InetAddress, Client> clients = new ConcurrentHashMap<>();

    /** A connection begins; returns how many the client has with it. */
    int enter(InetAddress address) {
        return clients.merge(
                        address,
                        new Client(1, TestTimes.UNSEEN, false),
                        (known, first) -> new Client(known.connectionCount + 1, known.times, known.isKnown))
                .connectionCount;
    }

    void leave(InetAddress address) {
        clients.computeIfPresent(address, (key, client) -> without(client));
    }

    private static @Nullable Client without(Client client) {
        return client.connectionCount == 1
                ? null
                : new Client(client.connectionCount - 1, client.times, client.isKnown);
    }

    Client find(InetAddress address) {
        return clients.getOrDefault(address, NOBODY);
    }

    /** Of a client that is here. */
    void update(InetAddress address, UnaryOperator<TestTimes> change) {
        clients.computeIfPresent(
                address,
                (key, client) -> new Client(client.connectionCount, change.apply(client.times), client.isKnown));
    }

    /** The client passes for the first time; false: another of its connections was quicker. */
    boolean tryIntroduce(InetAddress address) {
        boolean[] isFirst = new boolean[1];
        clients.computeIfPresent(address, (key, client) -> {
            isFirst[0] = !client.isKnown;
            return new Client(client.connectionCount, client.times, true);
        });
        return isFirst[0];
    }

    int size() {
        return clients.size();
    }
}
