// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * Keeps what name servers said for as long as they allow, and asks for the rest: a question that is under way once for all
 * that wait for it.
 * Thread: event loop.
 */
final class DnsClient implements Dns {
    /** Questions under way at a time, each with a socket of its own; the others wait for their turn. */
    static final int LOOKUPS_MAX = 200;

    /** Questions that wait for their turn; what is asked beyond them has to be asked again. */
    static final int WAITING_MAX = 10_000;

    private record Kept(DnsAnswer<?> answer, long expiresNs) {}

    private final DnsSettings settings;
    private final Network network;
    private final LongSupplier nanoClock;
    private final Dns authenticated = new Authenticated();

    // Owned by the loop: a map suffices, whose entries are bounded by number and end by their own times; a cache for
    // many
    // threads would cost each of them an object more.
    private final Map<Question, Kept> cache;
    private final Map<Question, Lookup<?>> underWay = new HashMap<>();
    private final ArrayDeque<Lookup<?>> waitingLookups = new ArrayDeque<>();
    private int lookupCount;
    private boolean starting;
    private boolean closed;

    /** The settings name at least one server. */
    DnsClient(DnsSettings settings, Network network, LongSupplier nanoClock) {
        this.settings = settings;
        this.network = network;
        this.nanoClock = nanoClock;
        this.cache = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
                return size() > settings.cacheEntriesMax();
            }
        };
    }

    @Override
    public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
        ask(new Question(name, type, false), type, then);
    }

    /** Asks whether the server has validated the answer. */
    private final class Authenticated implements Dns {
        @Override
        public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
            DnsClient.this.ask(new Question(name, type, true), type, then);
        }
    }

    Dns authenticated() {
        return authenticated;
    }

    /** A question's type says what its answer holds. */
    @SuppressWarnings("unchecked")
    private <T> void ask(Question question, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
        assert network.loop().inEventLoop();
        Kept kept = cache.get(question);
        if (kept != null && kept.expiresNs - nanoClock.getAsLong() > 0) {
            then.accept((DnsAnswer<T>) kept.answer);
            return;
        }
        Lookup<T> lookup = (Lookup<T>) underWay.get(question);
        if (lookup != null) {
            lookup.waiting().add(then);
            return;
        }
        Name name = absolute(question.name());
        if (name == null) {
            then.accept(DnsAnswer.none(Outcome.NO_SUCH_NAME, false, 0));
        } else if (closed) {
            then.accept(DnsAnswer.tryAgain("shutting down", 0));
        } else if (waitingLookups.size() == WAITING_MAX) {
            then.accept(DnsAnswer.tryAgain("too many questions", 0));
        } else {
            lookup = new Lookup<>(this, question, type, name, nowNs() + lookupNs());
            lookup.waiting().add(then);
            underWay.put(question, lookup);
            waitingLookups.add(lookup);
            startLookups();
        }
    }

    /** Null for what no server can have: a label of more than 63 bytes, a name of more than 255. */
    private static @Nullable Name absolute(String text) {
        try {
            Name name = Name.fromString(text + '.');
            return name.isAbsolute() ? name : null;
        } catch (TextParseException unfit) {
            return null;
        }
    }

    /** For a question with all its aliases: no longer than every server needs to let it wait in every round. */
    private long lookupNs() {
        return queryTimeoutNs() * settings.servers().size() * Lookup.ROUNDS;
    }

    private void startLookups() {
        if (starting) {
            // One that has waited for too long ends before it has begun.
            return;
        }
        starting = true;
        while (lookupCount < LOOKUPS_MAX && !waitingLookups.isEmpty()) {
            lookupCount++;
            waitingLookups.remove().askNextServer();
        }
        starting = false;
    }

    /** Each that waits gets a task of its own: what one does with the answer is nothing to the others. */
    <T> void end(Lookup<T> lookup, DnsAnswer<T> answer) {
        lookupCount--;
        if (answer.timeToLiveSeconds() > 0) {
            cache.put(lookup.question(), new Kept(answer, nowNs() + answer.timeToLiveSeconds() * 1_000_000_000L));
        }
        underWay.remove(lookup.question());
        tell(lookup, answer);
        startLookups();
    }

    private <T> void tell(Lookup<T> lookup, DnsAnswer<T> answer) {
        lookup.waiting().forEach(then -> network.loop().execute(() -> then.accept(answer)));
    }

    /** Whatever is under way is answered now; nothing is asked any more. */
    void close() {
        closed = true;
        waitingLookups.clear();
        List<Lookup<?>> open = List.copyOf(underWay.values());
        underWay.clear();
        lookupCount = 0;
        open.forEach(this::abandon);
    }

    private <T> void abandon(Lookup<T> lookup) {
        lookup.cancel();
        tell(lookup, DnsAnswer.tryAgain("shutting down", 0));
    }

    Network network() {
        return network;
    }

    List<InetSocketAddress> servers() {
        return settings.servers();
    }

    long queryTimeoutNs() {
        return settings.queryTimeout().toNanos();
    }

    long nowNs() {
        return nanoClock.getAsLong();
    }
}
