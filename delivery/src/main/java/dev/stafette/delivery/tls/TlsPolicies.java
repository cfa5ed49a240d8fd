// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Knows what is demanded of a next hop's servers. Thread: event loop. */
public interface TlsPolicies {
    TlsPolicies NONE = (loop, nextHop, then) -> then.accept(TlsPolicy.NONE);

    /** Answers on the loop, at once where it can. {@code nextHop}: as the destination has it. */
    void find(Executor loop, String nextHop, Consumer<TlsPolicy> then);

    /** The name of the single server counts, too: {@link #findOfHost} is to be asked before it is connected to. */
    default boolean areByHost() {
        return false;
    }

    /** What is demanded of one of the next hop's servers; in place of what {@link #find} says. */
    default void findOfHost(Executor loop, String nextHop, String host, Consumer<TlsPolicy> then) {
        find(loop, nextHop, then);
    }
}
