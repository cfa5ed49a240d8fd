// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.names.HostsFile;
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
    private final HostsFile hosts;
    private final ReverseLookup lookup;

    /** {@code lookup}: of what {@code hosts} does not have. */
    ClientNames(EventLoop loop, HostsFile hosts, ReverseLookup lookup) {
        this.loop = loop;
        this.hosts = hosts;
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
        String known = hosts.nameOf(address);
        if (known != null) {
            // The same file says that the name has the address.
            then.accept(DnsReverseLookup.hostName(known) == null ? ClientName.UNKNOWN : ClientName.of(known));
            return;
        }
        Waiter waiter = new Waiter(then);
        lookup.find(address, waiter::tell);
        if (!waiter.isTold()) {
            loop.schedule(() -> waiter.tell(ClientName.UNAVAILABLE), WAIT_MS, TimeUnit.MILLISECONDS);
        }
    }
}
