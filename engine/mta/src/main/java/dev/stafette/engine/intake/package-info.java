// SPDX-License-Identifier: Apache-2.0
/**
 * The way of a message from whoever brings it into the queue: its content is cut into extents, what stands in its header is
 * looked at once, and header fields are put in front (RFC 5321 §4.4, §6.3; RFC 5322 §3.6).
 *
 * <p>Thread: one event loop a message. It refuses to know protocols and sessions: it takes content in the stored wire form,
 * and answers with a reply that a server can give.
 *
 * <p>In Postfix: cleanup(8).
 */
@NullMarked
package dev.stafette.engine.intake;

import org.jspecify.annotations.NullMarked;
