// SPDX-License-Identifier: Apache-2.0
/**
 * The queue agent: the one thread that owns the journal, the index and the scheduler, and introduces them to the
 * transports. Everything else talks to it through {@link dev.stafette.engine.queue.QueueInbox} and hears from it through
 * {@link dev.stafette.engine.queue.QueueListener}.
 *
 * <p>It imports no other package of the engine, so that SMTP, bounces and administration can use it without a cycle.
 */
@NullMarked
package dev.stafette.engine.queue;

import org.jspecify.annotations.NullMarked;
