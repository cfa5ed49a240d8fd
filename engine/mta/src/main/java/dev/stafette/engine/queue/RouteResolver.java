// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import org.jspecify.annotations.Nullable;

/** Chooses transport and next hop of a recipient. Thread: any. */
public interface RouteResolver {
    /** Null when that cannot be told now: mail waits. May block when the resolver is not immediate. */
    @Nullable
    Route resolve(MailAddress recipient, MailAddress sender);

    /** A route to enter the queue with until the right one is known; never blocks. */
    Route guess(MailAddress recipient, MailAddress sender);

    /** Whether the queue agent may ask for a route now, which must not wait; this may change. */
    boolean isImmediate();

    /** Another number when routes may be others than before. */
    int version();
}
