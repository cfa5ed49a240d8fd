// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import dev.stafette.delivery.route.DnsAnswer.Outcome;
import io.netty.channel.AddressedEnvelope;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Asks name servers, one after the other, and keeps what they say for as long as they allow.
 * Thread: event loop.
 *
 * <p>Netty's resolver carries the queries (ids, UDP, TCP after truncation); the order of servers, what counts as an
 * answer, CNAMEs across responses and the cache are ours, because its own tell NXDOMAIN and SERVFAIL apart by exception.
 */
final class DnsClient {
    /** Each server is asked this often. */
    private static final int ROUNDS = 2;

    /** RFC 1034 §5.2.2 asks to stop a CNAME chain somewhere. */
    private static final int ALIASES_MAX = 10;

    /** Questions under way at a time, each with a socket of its own; the others wait for their turn. */
    private static final int LOOKUPS_MAX = 200;

    private record Question(String name, DnsRecordType type) {}

    private record Kept(DnsAnswer answer, long expiresNs) {}

    private final DnsNameResolver resolver;
    private final List<InetSocketAddress> servers;
    private final LongSupplier nanoClock;

    // Owned by the loop.
    private final Map<Question, Kept> cache;
    private final Map<Question, List<Consumer<DnsAnswer>>> underWay = new HashMap<>();
    private final ArrayDeque<Lookup> waitingLookups = new ArrayDeque<>();
    private int lookupCount;

    DnsClient(DnsNameResolver resolver, List<InetSocketAddress> servers, int entriesMax, LongSupplier nanoClock) {
        this.resolver = resolver;
        this.servers = servers;
        this.nanoClock = nanoClock;
        this.cache = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
                return size() > entriesMax;
            }
        };
    }

    /** The answer comes on this loop, at once when it is known. The name is canonical. */
    void ask(String name, DnsRecordType type, Consumer<DnsAnswer> then) {
        Question question = new Question(name, type);
        Kept kept = cache.get(question);
        if (kept != null && kept.expiresNs - nanoClock.getAsLong() > 0) {
            then.accept(kept.answer);
            return;
        }
        List<Consumer<DnsAnswer>> waiting = underWay.get(question);
        if (waiting != null) {
            waiting.add(then);
            return;
        }
        waiting = new ArrayList<>(1);
        waiting.add(then);
        underWay.put(question, waiting);
        waitingLookups.add(new Lookup(question));
        startLookups();
    }

    private void startLookups() {
        while (lookupCount < LOOKUPS_MAX && !waitingLookups.isEmpty()) {
            lookupCount++;
            waitingLookups.remove().askNextServer();
        }
    }

    private void answer(Question question, DnsAnswer answer) {
        lookupCount--;
        if (answer.timeToLiveSeconds() > 0) {
            cache.put(question, new Kept(answer, nanoClock.getAsLong() + answer.timeToLiveSeconds() * 1_000_000_000L));
        }
        List<Consumer<DnsAnswer>> waiting = underWay.remove(question);
        if (waiting != null) {
            waiting.forEach(then -> then.accept(answer));
        }
        startLookups();
    }

    void close() {
        resolver.close();
    }

    /** One question on its way. */
    private final class Lookup {
        private final Question question;

        // Owned by the loop.
        private String name;
        private int aliasCount;
        private int queryCount;
        private long secondsMax = DnsResponseReader.SECONDS_MAX;

        Lookup(Question question) {
            this.question = question;
            this.name = question.name;
        }

        void askNextServer() {
            if (queryCount == servers.size() * ROUNDS) {
                answer(question, DnsAnswer.FAILURE);
                return;
            }
            InetSocketAddress server = servers.get(queryCount++ % servers.size());
            resolver.query(server, new DefaultDnsQuestion(name, question.type))
                    .addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> future) -> {
                        if (future.isSuccess()) {
                            onResponse(future.getNow());
                        } else {
                            askNextServer();
                        }
                    });
        }

        private void onResponse(AddressedEnvelope<DnsResponse, InetSocketAddress> envelope) {
            DnsResponseReader reader = new DnsResponseReader(envelope.content(), name, question.type, secondsMax);
            DnsAnswer answer;
            try {
                answer = reader.read();
            } catch (DecoderException | IndexOutOfBoundsException garbage) {
                answer = null;
            } finally {
                envelope.release();
            }
            if (answer == null) {
                askNextServer();
            } else if (answer.outcome() == Outcome.NO_DATA && reader.aliasCount() > 0) {
                follow(reader.canonicalName(), answer.timeToLiveSeconds());
            } else {
                answer(question, answer);
            }
        }

        /** The chain goes on to a name of which the response says nothing: it may be another server's to know. */
        private void follow(String target, long secondsLeft) {
            if (target.equals(name) || ++aliasCount > ALIASES_MAX) {
                answer(question, DnsAnswer.FAILURE);
                return;
            }
            name = target;
            secondsMax = Math.min(secondsMax, secondsLeft);
            queryCount = 0;
            askNextServer();
        }
    }
}
