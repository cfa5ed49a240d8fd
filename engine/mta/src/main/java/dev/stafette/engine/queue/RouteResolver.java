// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/** Chooses transport and next hop of a recipient. Thread: any. */
public interface RouteResolver {
    /** Null when that cannot be told now: mail waits. Depends on nothing but the tables, and changes nothing. */
    @Nullable
    Route resolve(MailAddress recipient, MailAddress sender, Inquiry inquiry);

    /** Where mail goes that a filter is to see first. {@code contentFilter}: {@code transport:nexthop}, or without either. */
    Route throughFilter(String contentFilter, MailAddress recipient);

    /** Whether mail that goes by that transport waits until somebody asks for it (defer_transports). */
    boolean waits(String transport);

    /** A route to enter the queue with until the right one is known; never blocks. */
    Route guess(MailAddress recipient, MailAddress sender);

    /** The way of probes, which may be another one than that of mail (address_verify_transport_maps and its like). */
    default RouteResolver ofProbes() {
        return this;
    }

    /** Another number when routes may be others than before. */
    int version();
}
