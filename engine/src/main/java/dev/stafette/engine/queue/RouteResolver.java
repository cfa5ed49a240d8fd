// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;

/** Chooses transport and next hop of a recipient. Thread: queue agent; it must not block. */
public interface RouteResolver {
    Route resolve(MailAddress recipient, MailAddress sender);
}
