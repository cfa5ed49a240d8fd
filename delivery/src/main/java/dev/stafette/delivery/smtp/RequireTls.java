// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a message that came with REQUIRETLS demands of the servers of a next hop ({@code smtp_requiretls_policy}). Thread: any. */
public enum RequireTls {
    /** What RFC 8689 §4.2.1 has: TLS with a server that is proven to be the right one, and that takes REQUIRETLS. */
    ENFORCE("enforce"),
    /** TLS. */
    STARTTLS("opportunistic+starttls"),
    /** Nothing, but a server that takes REQUIRETLS is told of it. */
    OPPORTUNISTIC("opportunistic"),
    /** As if nobody had asked. */
    DISABLE("disable");

    private final String word;

    /** Knows it of next hops. Thread: event loop. */
    public interface Source {
        Source ENFORCED = (loop, nextHop, then) -> then.accept(ENFORCE);

        /** Answers on the loop, at once where it can; null: nobody can tell now. {@code nextHop}: as the destination has it. */
        void find(Executor loop, String nextHop, Consumer<@Nullable RequireTls> then);
    }

    RequireTls(String word) {
        this.word = word;
    }

    /** In the words of main.cf; null: there is no such one. */
    public static @Nullable RequireTls named(String word) {
        for (RequireTls one : values()) {
            if (one.word.equalsIgnoreCase(word)) {
                return one;
            }
        }
        return null;
    }

    /** Some servers are not good enough for it. */
    boolean isStrict() {
        return this == ENFORCE || this == STARTTLS;
    }
}
