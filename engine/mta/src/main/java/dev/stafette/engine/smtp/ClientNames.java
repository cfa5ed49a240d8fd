// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.restriction.ClientName;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The names of clients, for which a greeting waits a while.
 * Thread: event loop.
 *
 * <p>Who has no name within {@link #WAIT_MS} is {@code unknown}; what comes later is kept below, for the next session.
 */
final class ClientNames {
    static final long WAIT_MS = 3_000;

    private final EventLoop loop;
    private final ReverseLookup lookup;

    ClientNames(EventLoop loop, ReverseLookup lookup) {
        this.loop = loop;
        this.lookup = lookup;
    }

    /** Waits for one answer; called once. */
    private static final class Waiter {
        private @Nullable Consumer<ClientName> then;

        Waiter(Consumer<ClientName> then) {
            this.then = then;
        }

        void tell(ClientName name) {
            Consumer<ClientName> told = then;
            then = null;
            if (told != null) {
                told.accept(name);
            }
        }

        boolean isTold() {
            return then == null;
        }
    }

    /** The answer comes on the loop, at once when it is known. */
    void find(InetAddress address, Consumer<ClientName> then) {
        if (address.isLoopbackAddress()) {
            // RFC 6761 §6.3: never a question for a name server. Hosts files name what is near 127.0.0.1, and no more.
            byte[] bytes = address.getAddress();
            boolean isNamed = bytes.length > 4 || bytes[1] == 0 && bytes[2] == 0;
            then.accept(isNamed ? ClientName.of("localhost") : ClientName.UNKNOWN);
            return;
        }
        Waiter waiter = new Waiter(then);
        lookup.find(address, waiter::tell);
        if (!waiter.isTold()) {
            loop.schedule(() -> waiter.tell(ClientName.UNAVAILABLE), WAIT_MS, TimeUnit.MILLISECONDS);
        }
    }
}
