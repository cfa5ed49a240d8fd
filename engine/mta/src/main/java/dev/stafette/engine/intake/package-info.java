// SPDX-License-Identifier: Apache-2.0
/**
 * The one way of a message from whoever brings it into the queue: its content leaves for the disk as it comes, and when
 * it is complete, step after step looks at its envelope and its header and changes them (RFC 5321 §4.4, §6.3; RFC 5322 §3.6),
 * before they are written.
 *
 * <p>Thread: one event loop a message. It refuses to know protocols and sessions: it takes content in the stored wire form,
 * and answers with a reply that a server can give.
 *
 * <p>In Postfix: cleanup(8).
 */
@NullMarked
package dev.stafette.engine.intake;

import org.jspecify.annotations.NullMarked;
