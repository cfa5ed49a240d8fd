// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

/**
 * The present state of a message, for a checkpoint in a new generation of the journal.
 * Thread: queue agent (a value).
 *
 * @param held by an operator; nothing of it is tried, and it does not expire
 * @param expiring by an operator: its time is up whatever its age
 * @param warned its sender has been told that it is late
 * @param states one a recipient of the envelope, in its order
 */
public record LiveMessage(BodyRef body, boolean held, boolean expiring, boolean warned, RecipientState[] states) {}
