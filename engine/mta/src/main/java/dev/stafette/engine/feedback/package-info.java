// SPDX-License-Identifier: Apache-2.0
/**
 * Bounces that come back, and reports of feedback loops: senders that say under a seal which message and recipient they are of (the
 * idea of BATV), and the mail that comes to them. It is recognised as it comes in, told to the event log and the mail log, and goes
 * no further, or to one address.
 *
 * <p>Thread: the event loop of a message; reports are read by a worker. Off, it costs nothing.
 *
 * <p>Postfix has nothing of this; beside it, VERP addresses of its bounce(8) are read by programs of mailing lists.
 */
@NullMarked
package dev.stafette.engine.feedback;

import org.jspecify.annotations.NullMarked;
