// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SlowSource;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** To the recipient's domain, unless the test says otherwise. Thread: the test's. */
final class TestRoutes implements RouteResolver {
    /** Where mail for a domain goes instead. */
    final Map<String, String> moved = new HashMap<>();

    /** Domains of which nothing can be told now. */
    final Set<String> unknown = new HashSet<>();

    /** Routes have to be looked up: answers come when the test says so. */
    boolean isSlow;

    /** As {@link #isSlow}, for these domains alone. */
    final Set<String> slow = new HashSet<>();

    final Queue<Runnable> lookups = new ArrayDeque<>();

    /** Transports. */
    final Set<String> waiting = new HashSet<>();

    int version;

    /** Knows all domains, and what the test has said of them. */
    private final SlowSource source = new SlowSource() {
        @Override
        public TableAnswer answer(String domain) {
            return unknown.contains(domain)
                    ? TableAnswer.unavailable("unknown")
                    : TableAnswer.found(moved.getOrDefault(domain, domain));
        }

        @Override
        public void start(String domain, Consumer<TableAnswer> listener) {
            lookups.add(() -> listener.accept(answer(domain)));
        }
    };

    @Override
    public @Nullable Route resolve(MailAddress recipient, MailAddress sender, Inquiry inquiry) {
        String domain = recipient.domain();
        TableAnswer answer = isSlow || slow.contains(domain) ? inquiry.ask(source, domain) : source.answer(domain);
        return answer.isUnavailable() ? null : new Route("smtp", answer.value());
    }

    @Override
    public Route throughFilter(String contentFilter, MailAddress recipient) {
        return new Route("smtp", contentFilter);
    }

    @Override
    public boolean waits(String transport) {
        return waiting.contains(transport);
    }

    @Override
    public Route guess(MailAddress recipient, MailAddress sender) {
        return new Route("smtp", recipient.domain());
    }

    @Override
    public int version() {
        return version;
    }
}
