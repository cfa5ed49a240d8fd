// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.policy.ClientFacts;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The names of clients, asked for once in a while and kept.
 * Thread: event loop.
 *
 * <p>A greeting waits {@link #WAIT_MS} for a name at most; who has none by then is {@code unknown}, and the answer is kept
 * for the next session.
 */
final class ClientNames {
    static final int NAMES_MAX = 10_000;

    /** Questions under way at a time; a client beyond them has no name. */
    static final int LOOKUPS_MAX = 200;

    static final long WAIT_MS = 3_000;

    private static final long KNOWN_NS = TimeUnit.MINUTES.toNanos(10);
    private static final long UNKNOWN_NS = TimeUnit.MINUTES.toNanos(1);

    private record Name(String text, long expiresNs) {}

    private final EventLoop loop;
    private final ReverseLookup lookup;
    private final LongSupplier nanoClock;

    // Owned by the loop.
    private final Map<InetAddress, Name> names = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Name> eldest) {
            return size() > NAMES_MAX;
        }
    };
    private final Map<InetAddress, List<Waiter>> underWay = new HashMap<>();

    ClientNames(EventLoop loop, ReverseLookup lookup, LongSupplier nanoClock) {
        this.loop = loop;
        this.lookup = lookup;
        this.nanoClock = nanoClock;
    }

    /** Waits for one answer: told once. */
    private static final class Waiter {
        private @Nullable Consumer<String> then;

        Waiter(Consumer<String> then) {
            this.then = then;
        }

        void tell(String name) {
            Consumer<String> told = then;
            then = null;
            if (told != null) {
                told.accept(name);
            }
        }
    }

    /** The answer comes on the loop, at once when it is known. */
    void find(InetAddress address, Consumer<String> then) {
        if (address.isLoopbackAddress()) {
            // RFC 6761 §6.3: never a question for a name server.
            then.accept("localhost");
            return;
        }
        Name known = names.get(address);
        if (known != null && known.expiresNs - nanoClock.getAsLong() > 0) {
            then.accept(known.text);
            return;
        }
        List<Waiter> waiters = underWay.get(address);
        if (waiters == null && underWay.size() >= LOOKUPS_MAX) {
            then.accept(ClientFacts.UNKNOWN);
            return;
        }
        Waiter waiter = new Waiter(then);
        loop.schedule(() -> waiter.tell(ClientFacts.UNKNOWN), WAIT_MS, TimeUnit.MILLISECONDS);
        if (waiters != null) {
            waiters.add(waiter);
            return;
        }
        waiters = new ArrayList<>(1);
        waiters.add(waiter);
        underWay.put(address, waiters);
        lookup.find(address, name -> onName(address, name));
    }

    private void onName(InetAddress address, @Nullable String name) {
        String text = name == null ? ClientFacts.UNKNOWN : name;
        names.put(address, new Name(text, nanoClock.getAsLong() + (name == null ? UNKNOWN_NS : KNOWN_NS)));
        List<Waiter> waiters = underWay.remove(address);
        if (waiters != null) {
            waiters.forEach(waiter -> waiter.tell(text));
        }
    }
}
