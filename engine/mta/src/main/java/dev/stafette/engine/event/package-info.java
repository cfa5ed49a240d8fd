// SPDX-License-Identifier: Apache-2.0
/**
 * The event log: a line of JSON for each thing that becomes of a recipient, whether at delivery or long after it, with the class of
 * what was said. It waits for nobody and nobody for it: what comes faster than it is written is lost and counted.
 * The file is put aside by size and age, and then belongs to whoever loads it elsewhere.
 *
 * <p>Thread: the event log's own; events come from any. Off, there is none of it.
 *
 * <p>Beside Postfix: what is made of the lines of its bounce(8), qmgr(8) and delivery agents by others.
 */
@NullMarked
package dev.stafette.engine.event;

import org.jspecify.annotations.NullMarked;
